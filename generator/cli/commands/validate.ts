import { relative, resolve, sep } from "node:path";
import { type CliError, type DiagnosedFiles, exitCodeOf, exitCodes } from "../../diagnostics/cli-error.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import { ok, okUnless, type Result } from "../../pipeline/result.ts";
import { type OpenedProject, openProject } from "../../project/open-project.ts";
import {
  type DiagnosticFormat,
  diagnosticFormats,
  renderDiagnostics,
} from "../../report/render-diagnostics.ts";
import { describeValidation } from "../../report/text/describe-output.ts";
import { isSpecFile } from "../../source/index.ts";
import { type AnyCommand, defineCommand, formatOption } from "../command.ts";
import type { CliConsole, CliIo, GlobalOptions } from "../console.ts";
import { withDisplayPaths } from "../display-paths.ts";

interface ValidateArguments {
  /** Files and folders; by default all specs. The whole project is compiled in any case. */
  readonly files: readonly string[];
}

interface ValidateOptions extends GlobalOptions {
  readonly format?: DiagnosticFormat;
}

/** Compiles the specs, prints their diagnostics, and writes nothing. */
export const command: AnyCommand = defineCommand<ValidateArguments, ValidateOptions>({
  arguments: { files: "specs or folders to check; all by default" },
  options: { format: formatOption(diagnosticFormats) },
  async run(options, console) {
    const print = (files: DiagnosedFiles) => printDiagnostics(files, options, console);
    const opened = await openProject(options, console.io.cwd);
    if (!opened.ok) {
      const [error] = opened.errors;
      if (error?.diagnosed === undefined) return console.fail(opened.errors);
      // Diagnostics of the config are data of this command, as those of specs are.
      print(error.diagnosed);
      return exitCodeOf(opened.errors);
    }
    const project = opened.value;
    const selected = selectFiles(options.files, project, console.io);
    if (!selected.ok) return console.fail(selected.errors);

    const compiled = await console.withProgress("Compiling the specs", async () => {
      const { compileModel } = await import("../../compile-project.ts");
      return compileModel(project.sources, project.config);
    });
    const all = compiled.diagnostics;
    const diagnostics = options.files.length === 0 ? all : all.filter(({ file }) => selected.value.has(file));
    print({ ...project, diagnostics });
    const specs = [...selected.value].filter(isSpecFile).length;
    console.note(describeValidation(specs, diagnostics.length, all.length));
    return hasErrors(diagnostics) ? exitCodes.problems : exitCodes.success;
  },
});

function printDiagnostics(
  files: DiagnosedFiles,
  { format = "text" }: ValidateOptions,
  console: CliConsole,
): void {
  console.data(renderDiagnostics(format, withDisplayPaths(format, files, console.io), console.dataStyle));
}

/** The sources that paths name: files, or folders with their contents. Without paths, all sources. */
function selectFiles(
  paths: readonly string[],
  { root, sources }: OpenedProject,
  io: Pick<CliIo, "cwd">,
): Result<ReadonlySet<string>> {
  const known = Object.keys(sources);
  if (paths.length === 0) return ok(new Set(known));
  const files = new Set<string>();
  const errors: CliError[] = [];
  for (const path of paths) {
    // Relative to the working directory, as a shell completes it, or to the folder of the project.
    const readings = [io.cwd, root].map((base) => relative(root, resolve(base, path)).split(sep).join("/"));
    const named = known.filter((file) => readings.some((reading) => isIn(file, reading)));
    for (const file of named) files.add(file);
    if (named.length === 0) errors.push(unknownSpec(path, known));
  }
  return okUnless(errors, files);
}

function isIn(file: string, path: string): boolean {
  return path === "" || file === path || file.startsWith(`${path}/`);
}

function unknownSpec(path: string, known: readonly string[]): CliError {
  const suggestion = suggest(path, known);
  return {
    code: "spec-unknown",
    message: `${path} is not a spec of this project.`,
    ...(suggestion === undefined ? {} : { hint: `Did you mean ${suggestion}?` }),
  };
}
