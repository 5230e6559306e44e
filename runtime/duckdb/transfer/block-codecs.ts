import { DuckDBListValue, type DuckDBValue } from "@duckdb/node-api";
import { convertAll, oversizeSql, separatorSql, splitTexts } from "./joined-texts.ts";

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
