import type { CliIo } from "../../cli/cli-io.ts";
import type { DiagnosticFormat } from "../../cli/diagnostic-format.ts";
import { relativeTo } from "../../cli/display-paths.ts";
import type { TextStyle } from "../../cli/terminal.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { workflowCommand } from "../../diagnostics/workflow-command.ts";
import type { Sources } from "../../source/source-file.ts";
import { renderText } from "./render-text.ts";

/** Diagnostics with the project that they are about. */
export interface DiagnosedProject {
  /** Absolute path of the project's folder. */
  readonly root: string;
  readonly sources: Sources;
  readonly diagnostics: readonly Diagnostic[];
}

/** Renders diagnostics, in text not even a count where there are none. */
export function renderDiagnostics(
  format: DiagnosticFormat,
  project: DiagnosedProject,
  style: TextStyle,
  io: CliIo,
): string {
  if (format === "json") return renderJson(project.diagnostics);
  if (format === "github") {
    return renderGithub(withDisplayPaths(io.env["GITHUB_WORKSPACE"] ?? io.cwd, project).diagnostics);
  }
  const { sources, diagnostics } = withDisplayPaths(io.cwd, project);
  return diagnostics.length === 0 ? "" : renderText(diagnostics, sources, style);
}

/** The same with paths from a folder: the one where the command was started, or the checkout whose files GitHub annotates. */
function withDisplayPaths(folder: string, project: DiagnosedProject): DiagnosedProject {
  const toDisplayPath = relativeTo(folder, project.root);
  return {
    root: project.root,
    sources: Object.fromEntries(
      Object.entries(project.sources).map(([file, text]) => [toDisplayPath(file), text]),
    ),
    diagnostics: project.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      file: toDisplayPath(diagnostic.file),
    })),
  };
}

/**
 * Renders diagnostics as workflow commands of GitHub, which shows them beside the changed lines.
 *
 * @example
 * `::error file=schemas/a.feature.json,line=4,col=5,endColumn=9,title=bad-key::"A" can't be a key: it has "A".`
 */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderAnnotation).join("");
}

function renderAnnotation(diagnostic: Diagnostic): string {
  const { severity, file, line, column, length, code, message, hint } = diagnostic;
  const properties = { file, line, col: column, endColumn: column + length, title: code };
  return workflowCommand(severity, properties, hint === undefined ? message : `${message}\n${hint}`);
}

/** Renders diagnostics as a JSON list, for programs: all of them, with their codes and facts. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, undefined, 2)}\n`;
}
