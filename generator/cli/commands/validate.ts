import { relative, resolve, sep } from "node:path";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import { type OpenedProject, openProject } from "../../project/open-project.ts";
import type { Problem } from "../../project/output/index.ts";
import { type DiagnosticFormat, renderDiagnostics } from "../../report/render-diagnostics.ts";
import { isSpecFile } from "../../source/index.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { withDisplayPaths } from "../relative-to.ts";
import { reportProblems } from "../report.ts";
import { Terminal } from "../terminal.ts";

/** Options of `stemma validate`. */
export interface ValidateOptions extends GlobalOptions {
  readonly format?: DiagnosticFormat;
}

/**
 * Compiles the specs and prints what is wrong with them, and nothing else.
 *
 * With files or folders, only what is wrong there; the whole project is compiled all the same.
 */
export async function validate(
  paths: readonly string[],
  options: ValidateOptions,
  io: CliIo,
): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const { format = "text" } = options;
  const project = await openProject(options, io);
  if (project.kind === "stopped") {
    terminal.data(renderDiagnostics(format, withDisplayPaths(format, project, io), terminal.dataStyle));
    reportProblems(project.problems, terminal);
    return project.exitCode;
  }
  const selected = selectFiles(paths, project, io);
  if (selected.problems.length > 0) {
    reportProblems(selected.problems, terminal);
    return 2;
  }

  const compiled = await terminal.withProgress("Compiling the specs", async () => {
    const { compileModel } = await import("../../compile-project.ts");
    return compileModel(project.sources, project.config);
  });
  const diagnostics = compiled.diagnostics.filter(
    ({ file }) => paths.length === 0 || selected.files.has(file),
  );
  const displayed = withDisplayPaths(format, { ...project, diagnostics }, io);
  terminal.data(renderDiagnostics(format, displayed, terminal.dataStyle));
  terminal.note(describeResult(diagnostics.length, compiled.diagnostics.length, selected.files));
  return hasErrors(diagnostics) ? 1 : 0;
}

interface Selection {
  readonly files: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** The sources that paths name: files, or folders with all that is in them. Without paths, all sources. */
function selectFiles(paths: readonly string[], { root, sources }: OpenedProject, io: CliIo): Selection {
  const known = Object.keys(sources);
  const files = new Set<string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    // From where the command was started, as a shell completes it, or from the project's folder.
    const readings = [io.cwd, root].map((base) => relative(root, resolve(base, path)).split(sep).join("/"));
    const named = known.filter((file) => readings.some((reading) => isIn(file, reading)));
    for (const file of named) files.add(file);
    if (named.length === 0) problems.push(explainUnknown(path, known));
  }
  return { files: paths.length === 0 ? new Set(known) : files, problems };
}

function isIn(file: string, path: string): boolean {
  return path === "" || file === path || file.startsWith(`${path}/`);
}

function explainUnknown(path: string, known: readonly string[]): Problem {
  const suggestion = suggest(path, known);
  return {
    message: `${path} is not a spec of this project.`,
    ...(suggestion === undefined ? {} : { hint: `Did you mean ${suggestion}?` }),
  };
}

function describeResult(reported: number, all: number, files: ReadonlySet<string>): string {
  const specs = [...files].filter(isSpecFile).length;
  const lines = [
    ...(reported === 0 ? [`${specs} spec${specs === 1 ? "" : "s"}, nothing wrong`] : []),
    ...(all > reported ? [`${all - reported} more in other files`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
