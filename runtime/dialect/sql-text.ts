/** Quotes an identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Quotes a column and the members of the struct in it.
 *
 * The parentheses keep DuckDB from reading `"box"."size"` as the column `size` of a relation named `box`.
 */
export function quotePath([column, ...members]: readonly [column: string, ...members: string[]]): string {
  if (members.length === 0) return quoteIdentifier(column);
  return [`(${quoteIdentifier(column)})`, ...members.map(quoteIdentifier)].join(".");
}

/**
 * Quotes a text on a single line: line breaks, tabs and the like are escaped, so that printing the SQL with another
 * indentation cannot change it. SQL can't hold NUL at all and becomes `chr(0)`.
 */
export function quoteLiteral(text: string): string {
  const parts = text.split("\0").map(quotePart);
  return parts.length === 1 ? parts.join("") : `(${parts.join(" || chr(0) || ")})`;
}

function quotePart(text: string): string {
  if (!/[\n\r\t]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `E'${escaped}'`;
}
