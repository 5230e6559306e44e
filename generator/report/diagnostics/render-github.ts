import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { workflowCommand } from "../../diagnostics/workflow-command.ts";

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
