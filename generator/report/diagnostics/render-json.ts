import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

/** Renders diagnostics as a JSON list, for programs: all of them, with their codes and facts. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, undefined, 2)}\n`;
}
