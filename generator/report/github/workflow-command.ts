import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

/** The level of an annotation. */
export type AnnotationLevel = "error" | "warning" | "notice";

/**
 * A workflow command of GitHub: it annotates a line of a file, or the run where it names none.
 *
 * @example
 * ```ts
 * workflowCommand("error", { file: "a.json", line: 4 }, "No."); // "::error file=a.json,line=4::No.\n"
 * ```
 */
export function workflowCommand(
  level: AnnotationLevel,
  properties: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const listed = Object.entries(properties).map(
    ([name, value]) => `${name}=${escapeProperty(String(value))}`,
  );
  return `::${level}${listed.length === 0 ? "" : ` ${listed.join(",")}`}::${escapeText(text)}\n`;
}

/**
 * Renders diagnostics as annotations.
 *
 * @example
 * `::error file=schemas/a.feature.json,line=4,col=5,endColumn=9,title=bad-key::"A" can't be a key: it has "A".`
 */
export function renderDiagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ severity, file, line, column, length, code, message, hint }) => {
      const properties = { file, line, col: column, endColumn: column + length, title: code };
      return workflowCommand(severity, properties, hint === undefined ? message : `${message}\n${hint}`);
    })
    .join("");
}

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
