import { DuckDBListValue, type DuckDBValue } from "@duckdb/node-api";

/**
 * How the values of a column cross into JavaScript by the block.
 *
 * One call of the binding per value costs more than all else; so a block is aggregated in DuckDB, into one text or one
 * list, and taken apart here.
 */
export interface ColumnCodec {
  /** SQL of the aggregates over the rows of a block. */
  readonly parts: readonly string[];
  /** SQL of a value's texts in bytes, each an aggregate. */
  readonly bytes: readonly string[];
  /** The values by row; undefined where the parts are ambiguous, and each value has to be read on its own. */
  readonly decode: (parts: readonly DuckDBValue[], rows: number) => unknown[] | undefined;
  /** Whether values may be of any size, as lists are. */
  readonly unbounded: boolean;
}

/** Aggregates the texts of values into one. `convert` makes a value of a text, undefined where it can't. */
export function textCodec(sql: string, text: string, convert?: (text: string) => unknown): ColumnCodec {
  return {
    parts: [`string_agg(${oversizeSql(text)}, ${separatorSql})`, `count(${sql})`],
    bytes: [`sum(strlen(${text}))`],
    decode: ([joined, present], rows) => {
      const texts = splitTexts(joined, rows, Number(present));
      return texts === undefined || convert === undefined ? texts : convertAll(texts, convert);
    },
    unbounded: false,
  };
}

/** Aggregates values into a list. `convert` makes rows of them, undefined where it can't. */
export function listCodec(
  sql: string,
  convert: (values: readonly DuckDBValue[]) => unknown[] | undefined = identity,
): ColumnCodec {
  return {
    parts: [`list(${sql})`],
    bytes: [],
    decode: ([list], rows) =>
      list instanceof DuckDBListValue && list.items.length === rows ? convert(list.items) : undefined,
    unbounded: true,
  };
}

function identity(values: readonly DuckDBValue[]): unknown[] {
  return values as unknown[];
}

/** The separator of the texts of a block. A text that contains it gives one part too many, which is detected. */
const separator = "\x1e";

/** {@link separator} in SQL. */
const separatorSql = "chr(30)";

/** The placeholder of a text that is null, or too long to be joined. */
const oversize = "\x1d";

/** Bytes of the longest text that is joined. A longer one costs little more when it is read by itself. */
const maxJoinedBytes = 512;

/** SQL of a text as it is joined. */
function oversizeSql(text: string): string {
  return `CASE WHEN strlen(${text}) <= ${maxJoinedBytes} THEN ${text} ELSE chr(29) END`;
}

/**
 * The texts of a block, null for null; `present` counts those that are not null. Undefined where the texts are ambiguous:
 * one of them has the separator, is the mark itself, or is too long.
 */
function splitTexts(
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
function convertAll(
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
