import { DuckDBListValue, type DuckDBValue } from "@duckdb/node-api";
import type { ColumnType, StructMember } from "../../columns/column-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { decoderOf } from "./decode-value.ts";
import { convertAll, isPlainTime, oversizeSql, separatorSql, splitTexts } from "./joined-texts.ts";
import { buildObjects } from "./objects.ts";
import { parseJson } from "./parse-json.ts";

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
  /** The values by row; undefined where the parts can't tell them, and each has to be read by itself. */
  readonly decode: (parts: readonly DuckDBValue[], rows: number) => unknown[] | undefined;
  /** Whether values may be of any size, as lists are. */
  readonly unbounded: boolean;
}

/** The form of a column, `sql` being the column or a part of it. */
export function columnCodec(type: ColumnType, sql: string): ColumnCodec {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name](sql);
    case "json":
      return textCodec(sql, `${sql}::VARCHAR`, parseJson);
    case "struct":
      return structCodec(type.members, sql);
    case "list":
      return isText(type.items)
        ? textCodec(sql, `to_json(${sql})::VARCHAR`, JSON.parse)
        : listCodec(sql, decodeEach(type));
    case "map":
      return listCodec(sql, decodeEach(type));
  }
}

type ScalarName = Extract<ColumnType, { kind: "scalar" }>["name"];

const scalarCodecs: { readonly [name in ScalarName]: (sql: string) => ColumnCodec } = {
  VARCHAR: (sql) => textCodec(sql, sql),
  UUID: (sql) => textCodec(sql, `${sql}::VARCHAR`),
  // Years beyond four digits, and infinity, are printed in another way.
  DATE: (sql) => textCodec(sql, `${sql}::VARCHAR`, (text) => (text.length === 10 ? text : undefined)),
  TIMESTAMPTZ: (sql) =>
    textCodec(sql, `strftime(make_timestamp(epoch_us(${sql})), '%Y-%m-%dT%H:%M:%S.%fZ')`, (text) =>
      isPlainTime(text) ? text : undefined,
    ),
  BOOLEAN: (sql) => ({ ...listCodec(sql, identity), unbounded: false }),
  DOUBLE: (sql) => ({ ...listCodec(sql, identity), unbounded: false }),
  INT64: (sql) => ({ ...listCodec(sql, identity), unbounded: false }),
  // What a DOUBLE can't hold is no safe integer either, before or after rounding.
  BIGINT: (sql) => ({ ...listCodec(`${sql}::DOUBLE`, safeIntegers), unbounded: false }),
};

function isText(type: ColumnType): boolean {
  return type.kind === "scalar" && type.name === "VARCHAR";
}

function textCodec(sql: string, text: string, convert?: (text: string) => unknown): ColumnCodec {
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

function listCodec(
  sql: string,
  convert: (values: readonly DuckDBValue[]) => unknown[] | undefined,
): ColumnCodec {
  return {
    parts: [`list(${sql})`],
    bytes: [],
    decode: ([list], rows) =>
      list instanceof DuckDBListValue && list.items.length === rows ? convert(list.items) : undefined,
    unbounded: true,
  };
}

const identity = (values: readonly DuckDBValue[]): unknown[] => values as unknown[];

function safeIntegers(values: readonly DuckDBValue[]): unknown[] | undefined {
  return values.every((value) => value === null || Number.isSafeInteger(value))
    ? identity(values)
    : undefined;
}

function decodeEach(type: ColumnType): (values: readonly DuckDBValue[]) => unknown[] {
  const decode = decoderOf(type);
  return (values) => values.map(decode);
}

function structCodec(members: readonly StructMember[], sql: string): ColumnCodec {
  const codecs = members.map(({ name, type }) => columnCodec(type, `(${sql}).${quoteIdentifier(name)}`));
  const starts = codecs.map((_, index) =>
    codecs.slice(0, index).reduce((sum, { parts }) => sum + parts.length, 1),
  );
  const build = buildObjects(members.map(({ name }) => name));
  return {
    parts: [
      `string_agg(CASE WHEN ${sql} IS NULL THEN '0' ELSE '1' END, '')`,
      ...codecs.flatMap(({ parts }) => parts),
    ],
    bytes: codecs.flatMap(({ bytes }) => bytes),
    decode: (parts, rows) => {
      const present = String(parts[0]);
      const columns = codecs.map((codec, index) =>
        codec.decode(parts.slice(starts[index], (starts[index] ?? 0) + codec.parts.length), rows),
      );
      if (!columns.every((column) => column !== undefined)) return undefined;
      const objects: unknown[] = build(columns, rows);
      return present.includes("0")
        ? objects.map((value, row) => (present[row] === "0" ? null : value))
        : objects;
    },
    unbounded: codecs.some(({ unbounded }) => unbounded),
  };
}
