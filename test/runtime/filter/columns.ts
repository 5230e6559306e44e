import { type ColumnType, parseColumn } from "../../../runtime/columns/column-type.ts";
import { duckdbValues } from "../../../runtime/dialect/duckdb-values.ts";
import { printFilter } from "../../../runtime/dialect/print-filter.ts";
import { quoteIdentifier } from "../../../runtime/dialect/sql-text.ts";
import type { BoundFilter } from "../../../runtime/filter/bound-filter.ts";
import type { TypedLiteral } from "../../../runtime/filter/index.ts";

/** Columns from their types in DuckDB's syntax. */
export function columnTypes(columns: Readonly<Record<string, string>>): ReadonlyMap<string, ColumnType> {
  return new Map(Object.entries(columns).map(([name, type]) => [name, parseColumn(type).type]));
}

/** A column of every type. */
export const everyType: ReadonlyMap<string, ColumnType> = columnTypes({
  id: "VARCHAR NOT NULL",
  kind: "VARCHAR",
  size: "BIGINT",
  big: "INT64",
  score: "DOUBLE",
  ok: "BOOLEAN",
  day: "DATE",
  at: "TIMESTAMPTZ",
  uid: "UUID",
  tags: "VARCHAR[]",
  attrs: "MAP(VARCHAR, DOUBLE)",
  raw: "JSON",
  meta: 'STRUCT("size" BIGINT, "in" STRUCT("ok" BOOLEAN), "Größe" DOUBLE)',
  "meta.size": "DOUBLE",
  "video id": "VARCHAR",
  'say "x"': "VARCHAR",
  and: "BIGINT",
  date: "DATE",
});

/** A filter as SQL with quoted names and literals. */
export function printed(filter: BoundFilter): string {
  return printFilter(filter, { column: columnSql, literal: quotedLiteral });
}

/** A column as SQL. The parentheses keep a struct column from being taken for a table. */
export function columnSql([column, ...members]: readonly [string, ...string[]]): string {
  return [
    members.length > 0 ? `(${quoteIdentifier(column)})` : quoteIdentifier(column),
    ...members.map(quoteIdentifier),
  ].join(".");
}

/** A literal as SQL text. */
export function quotedLiteral({ type, text }: TypedLiteral): string {
  return duckdbValues.literal(type, text);
}
