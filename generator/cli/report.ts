import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { Problem } from "../output/index.ts";
import type { CliIo, ExitCode } from "./cli-io.ts";
import type { UnopenedProject } from "./open-project.ts";
import { type DiagnosedProject, renderDiagnostics } from "./render-diagnostics.ts";
import type { Terminal } from "./terminal.ts";

/** Prints diagnostics beside the data of a command. Warnings alone need not be seen. */
export function reportDiagnostics(project: DiagnosedProject, terminal: Terminal, io: CliIo): void {
  const text = renderDiagnostics("text", project, terminal.messageStyle, io);
  if (hasErrors(project.diagnostics)) terminal.message(text);
  else terminal.note(text);
}

/** Tells what stops a command. */
export function reportProblems(problems: readonly Problem[], terminal: Terminal): ExitCode {
  for (const problem of problems) terminal.problem(problem);
  return 1;
}

/** Tells why a project can't be worked on. */
export function reportUnopened(project: UnopenedProject, terminal: Terminal, io: CliIo): ExitCode {
  reportDiagnostics(project, terminal, io);
  reportProblems(project.problems, terminal);
  return project.exitCode;
}
