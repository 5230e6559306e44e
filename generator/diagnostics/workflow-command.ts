/** How loud an annotation is. */
export type AnnotationLevel = "error" | "warning" | "notice";

/**
 * A workflow command of GitHub, which shows a text beside a line of a file, or at the head of the run without one.
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

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
