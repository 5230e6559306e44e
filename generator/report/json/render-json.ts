import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { VersionDiff } from "../../diff/index.ts";

/** Renders a diff as JSON, as the published schema `stemma/diff.schema.json` describes it. */
export function renderDiffJson(diff: VersionDiff): string {
  return `${JSON.stringify(diff, undefined, 2)}\n`;
}

/** Renders diagnostics as a JSON list, with their codes and facts. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, undefined, 2)}\n`;
}
