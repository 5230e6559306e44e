import type { Dialect } from "./dialect.ts";
import { duckdbValues } from "./duckdb-values.ts";
import type { SourceLog } from "./source-log.ts";
import { quoteIdentifier } from "./sql-text.ts";

/** Offsets in a table of a DuckDB file: `rowid` numbers its rows as they are appended. */
const rowIds: SourceLog = {
  column: "rowid",
  carried: "rowid AS rowid",
  since: (offset) => `rowid >= ${offset}`,
  before: (offset) => `rowid < ${offset}`,
  isTail: (offset) => `rowid = ${BigInt(offset) - 1n}`,
  end: "(max(rowid) + 1)::BIGINT",
  last: "max(rowid)",
  isLastOf: (key) => `rowid = max(rowid) OVER (PARTITION BY ${key.join(", ")})`,
  numbered: "row_number() OVER () - 1 AS rowid",
};

function rank(partition: readonly string[], order: string): string {
  return `row_number() OVER (PARTITION BY ${partition.join(", ")} ORDER BY ${order})`;
}

function tuple(values: readonly string[]): string {
  return `row(${values.join(", ")})`;
}

const createKinds = {
  new: "CREATE TEMP TABLE",
  replace: "CREATE OR REPLACE TEMP TABLE",
  ifMissing: "CREATE TEMP TABLE IF NOT EXISTS",
} as const;

/** DuckDB's SQL. */
export const duckdbDialect: Dialect = {
  name: "duckdb",
  values: duckdbValues,
  log: rowIds,

  tempName: (name) => `temp.${quoteIdentifier(name)}`,
  createTemp: (name, query, mode = "new") => `${createKinds[mode]} ${quoteIdentifier(name)} AS ${query}`,
  createEmptyTemp: (name, columns) => `CREATE TEMP TABLE ${quoteIdentifier(name)} (${columns.join(", ")})`,
  createTempView: (name, query) => `CREATE TEMP VIEW ${quoteIdentifier(name)} AS ${query}`,
  materializeView: (name) => {
    const view = quoteIdentifier(name);
    const table = quoteIdentifier(`${name}_materialized`);
    return `CREATE OR REPLACE TEMP TABLE ${table} AS FROM ${view};
      DROP VIEW ${view};
      ALTER TABLE ${table} RENAME TO ${view}`;
  },
  alterType: (table, column, type) =>
    `ALTER TABLE ${table} ALTER COLUMN ${quoteIdentifier(column)} SET DATA TYPE ${type}`,
  insertByName: (table, query) => `INSERT INTO ${table} BY NAME ${query}`,

  firstOfEach: (select, from, partition, order) =>
    `SELECT ${select} FROM ${from} QUALIFY ${rank(partition, order)} = 1`,
  othersOfEach: (select, from, partition, order) =>
    `SELECT ${select} FROM ${from} QUALIFY ${rank(partition, order)} > 1`,
  whereWindow: (query, condition) => `${query} QUALIFY ${condition}`,
  semiJoin: (relation, condition) => `SEMI JOIN ${relation} ON ${condition}`,
  antiJoin: (relation, condition) => `ANTI JOIN ${relation} ON ${condition}`,
  allColumns: ({ of, except = [], replaced = [] }) => {
    const left = except.length === 0 ? "" : ` EXCLUDE (${except.map(quoteIdentifier).join(", ")})`;
    const other = replaced.map(([name, sql]) => `${sql} AS ${quoteIdentifier(name)}`);
    return `${of === undefined ? "" : `${of}.`}*${left}${other.length === 0 ? "" : ` REPLACE (${other.join(", ")})`}`;
  },

  countIf: (condition) => `count(*) FILTER (${condition})`,
  anyTrue: (condition) => `bool_or(${condition})`,
  allTrue: (condition, where) => `bool_and(${condition}) FILTER (${where})`,
  anyValue: (value) => `any_value(${value})`,
  maxWhere: (value, where) => `max(${value}) FILTER (${where})`,

  idHash: (columns) => `hash(${columns.join(", ")})`,
  tuple,
  presentTexts: (texts) => `list_filter([${texts.join(", ")}], lambda item: item IS NOT NULL)`,
  noTexts: "[]::VARCHAR[]",
  binaryText: (text) => `${text} COLLATE "binary"`,
  fingerprint: (text) => `md5(${text})`,
  concat: (texts) => `concat(${texts.join(", ")})`,
  orderedConcat: (order, text) =>
    `stemma_ordered_concat(${order.length === 1 ? order.join("") : tuple(order)}, ${text})`,
  joinedTexts: (texts) => `concat_ws('|', ${texts.join(", ")})`,
  sampleHash: (text) => `stemma_hash(${text})`,

  timeAt: (microseconds) => `make_timestamptz(${microseconds})`,
  wallTimeType: "TIMESTAMP",
  wallTimeAt: (microseconds) => `make_timestamp(${microseconds})`,
  microseconds: (time) => `epoch_us(${time})`,
  endOfTime: "'infinity'::TIMESTAMPTZ",
  startOfTime: "'-infinity'::TIMESTAMPTZ",
};
