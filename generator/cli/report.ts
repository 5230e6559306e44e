import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { UnopenedProject } from "../project/open-project.ts";
import type { Problem } from "../project/output/index.ts";
import type { CliIo, ExitCode } from "./cli-io.ts";
import { type DiagnosedProject, withDisplayPaths } from "./relative-to.ts";
import type { Terminal } from "./terminal.ts";

/** Prints diagnostics beside the data of a command. Warnings alone need not be seen. */
export async function reportDiagnostics(
  project: DiagnosedProject,
  terminal: Terminal,
  io: CliIo,
): Promise<void> {
  if (project.diagnostics.length === 0) return;
  const { renderDiagnostics } = await import("../report/render-diagnostics.ts");
  const text = renderDiagnostics("text", withDisplayPaths("text", project, io), terminal.messageStyle);
  if (hasErrors(project.diagnostics)) terminal.message(text);
  else terminal.note(text);
}

/** Tells what stops a command. */
export function reportProblems(problems: readonly Problem[], terminal: Terminal): ExitCode {
  for (const problem of problems) terminal.problem(problem);
  return 1;
}

/** Tells why a project can't be worked on. */
export async function reportUnopened(
  project: UnopenedProject,
  terminal: Terminal,
  io: CliIo,
): Promise<ExitCode> {
  await reportDiagnostics(project, terminal, io);
  reportProblems(project.problems, terminal);
  return project.exitCode;
}
