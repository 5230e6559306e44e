import type { DuckDBValue } from "@duckdb/node-api";

/** The separator of the texts of a block. A text that contains it gives one part too many, which is detected. */
const separator = "\x1e";

/** {@link separator} in SQL. */
export const separatorSql = "chr(30)";

/** The placeholder of a text that is null, or too long to be joined. */
const oversize = "\x1d";

/** Bytes of the longest text that is joined. A longer one costs little more when it is read by itself. */
const maxJoinedBytes = 512;

/** SQL of a text as it is joined. */
export function oversizeSql(text: string): string {
  return `CASE WHEN strlen(${text}) <= ${maxJoinedBytes} THEN ${text} ELSE chr(29) END`;
}

/**
 * The texts of a block, null for null; `present` counts those that are not null. Undefined where the texts are ambiguous:
 * one of them has the separator, is the mark itself, or is too long.
 */
export function splitTexts(
  joined: DuckDBValue | undefined,
  rows: number,
  present: number,
): (string | null)[] | undefined {
  if (typeof joined !== "string") return undefined;
  const texts: (string | null)[] = joined.split(separator);
  if (texts.length !== rows) return undefined;
  if (present === rows && !joined.includes(oversize)) return texts;
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    if (texts[row] !== oversize) continue;
    texts[row] = null;
    missing += 1;
  }
  return missing === rows - present ? texts : undefined;
}

/** Converts texts, null staying null; undefined where `convert` gives that for one of them. */
export function convertAll(
  texts: readonly (string | null)[],
  convert: (text: string) => unknown,
): unknown[] | undefined {
  const values = new Array<unknown>(texts.length);
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] ?? null;
    const value = text === null ? null : convert(text);
    if (value === undefined) return undefined;
    values[row] = value;
  }
  return values;
}
