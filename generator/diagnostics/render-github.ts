import type { Diagnostic } from "./diagnostic.ts";

/**
 * Renders diagnostics as workflow commands of GitHub, which shows them beside the changed lines.
 *
 * @example
 * `::error file=schemas/a.feature.json,line=4,col=5,endColumn=9,title=bad-key::"A" can't be a key: it has "A".`
 */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${renderAnnotation(diagnostic)}\n`).join("");
}

function renderAnnotation(diagnostic: Diagnostic): string {
  const { severity, file, line, column, length, code, message, hint } = diagnostic;
  const properties = { file, line, col: column, endColumn: column + length, title: code };
  const listed = Object.entries(properties).map(
    ([name, value]) => `${name}=${escapeProperty(String(value))}`,
  );
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return `::${severity} ${listed.join(",")}::${escapeText(text)}`;
}

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
