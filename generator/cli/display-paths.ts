import { relative, sep } from "node:path";
import type { DiagnosedFiles } from "../diagnostics/cli-error.ts";
import type { DiagnosticFormat } from "../report/render-diagnostics.ts";
import type { CliIo } from "./console.ts";

/** Turns paths relative to a project into paths relative to a folder, as terminals and annotations open them. */
export function relativeTo(folder: string, root: string): (file: string) => string {
  const prefix = relative(folder, root).split(sep).join("/");
  return prefix === "" ? (file) => file : (file) => `${prefix}/${file}`;
}

/** The folder to which GitHub's annotations are relative: the checkout. */
export function annotatedFolder({ cwd, env }: Pick<CliIo, "cwd" | "env">): string {
  return env["GITHUB_WORKSPACE"] ?? cwd;
}

/** Diagnostics with paths relative to the working directory, to the checkout on GitHub, to the project in JSON. */
export function withDisplayPaths(format: DiagnosticFormat, files: DiagnosedFiles, io: CliIo): DiagnosedFiles {
  const { root, sources, diagnostics } = files;
  if (format === "json") return files;
  const toDisplayPath = relativeTo(format === "github" ? annotatedFolder(io) : io.cwd, root);
  return {
    root,
    sources: Object.fromEntries(Object.entries(sources).map(([file, text]) => [toDisplayPath(file), text])),
    diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic, file: toDisplayPath(diagnostic.file) })),
  };
}
