import { displayWidth, showableSentence } from "../../diagnostics/display-text.ts";

/** Rows as lines in aligned columns, indented by two blanks, with a line of names above. */
export function textTable(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
): string[] {
  const cells = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))].map((line) =>
    line.map(showableSentence),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => displayWidth(line[index] ?? ""))));
  return cells.map((line) =>
    `  ${line.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - displayWidth(cell))).join("  ")}`.trimEnd(),
  );
}
