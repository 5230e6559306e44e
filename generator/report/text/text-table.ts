import { displayWidth } from "../display-text.ts";

/**
 * Rows as lines with aligned columns, two spaces apart.
 *
 * @example
 * ```ts
 * alignColumns([["", "new"], ["a/b", "5"]], ["left", "right"]); // ["     new", "a/b    5"]
 * ```
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[] = [],
): string[] {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columns }, (_, column) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? "")), 0),
  );
  return rows.map((row) =>
    widths
      .map((width, column) => {
        const text = row[column] ?? "";
        const padding = " ".repeat(width - displayWidth(text));
        return sides[column] === "right" ? padding + text : text + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}
