import { relative, sep } from "node:path";
import type { DiagnosedSources, DiagnosticFormat } from "../report/render-diagnostics.ts";
import type { CliIo } from "./cli-io.ts";

/** Returns the paths of files of a project relative to a folder, as terminals and annotations open them. */
export function relativeTo(folder: string, root: string): (file: string) => string {
  const prefix = relative(folder, root).split(sep).join("/");
  return prefix === "" ? (file) => file : (file) => `${prefix}/${file}`;
}

/** Diagnostics, and the project that they are about. */
export interface DiagnosedProject extends DiagnosedSources {
  /** Absolute path of the project's folder. */
  readonly root: string;
}

/** Diagnostics with paths for a format: relative to the working directory, to the checkout on GitHub, to the project in JSON. */
export function withDisplayPaths(
  format: DiagnosticFormat,
  project: DiagnosedProject,
  io: CliIo,
): DiagnosedSources {
  if (format === "json") return project;
  const folder = format === "github" ? (io.env["GITHUB_WORKSPACE"] ?? io.cwd) : io.cwd;
  const path = relativeTo(folder, project.root);
  return {
    sources: Object.fromEntries(Object.entries(project.sources).map(([file, text]) => [path(file), text])),
    diagnostics: project.diagnostics.map((diagnostic) => ({ ...diagnostic, file: path(diagnostic.file) })),
  };
}
