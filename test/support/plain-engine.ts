import type { EngineName } from "../../runtime/contract.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { duckdbDialect } from "../../runtime/dialect/duckdb.ts";
import { quoteIdentifier, quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import { DuckEngine } from "../../runtime/duckdb/duckdb-engine.ts";
import { openParts } from "../../runtime/duckdb/open-store.ts";
import type { Bindings, Engine, EngineSession } from "../../runtime/engine/engine.ts";
import { FeatureStore } from "../../runtime/engine/feature-store.ts";
import type { Store } from "../../runtime/index.ts";

/**
 * A second engine, for tests alone: a database in memory that speaks another dialect and records the SQL that it gets.
 *
 * It has a name of its own, spells each construct of {@link Dialect} differently from DuckDB's dialect, and implements
 * every member of {@link Engine} and {@link EngineSession}. The spellings are ones that DuckDB executes too, so that the
 * results can be compared; a construct that the algorithm spells by itself shows in the recorded SQL.
 */
export const plainName = "plain" as EngineName;

function rank(partition: readonly string[], order: string): string {
  return `rank() over (partition by ${partition.join(", ")} order by ${order})`;
}

const temporaryTables = {
  new: "create temporary table",
  replace: "create or replace temporary table",
  ifMissing: "create temporary table if not exists",
} as const;

/** The dialect of the second engine: other words for all that {@link Dialect} has a function for. */
export const plainDialect: Dialect = {
  ...duckdbDialect,
  name: plainName,
  values: {
    ...duckdbDialect.values,
    cast: (value, type) => `CAST(${value} AS ${type})`,
    nullOf: (type) => `CAST(NULL AS ${type})`,
    struct: (members) => `{${members.map(([name, value]) => `${quoteLiteral(name)}: ${value}`).join(", ")}}`,
    member: (struct, name) => `struct_extract(${struct}, ${quoteLiteral(name)})`,
    list: (items) => `list_value(${items.join(", ")})`,
    isFinite: (value) => `NOT isinf(${value})`,
  },
  log: {
    column: "rowid",
    carried: "rowid as rowid",
    since: (offset) => `NOT (rowid < ${offset})`,
    before: (offset) => `NOT (rowid >= ${offset})`,
    isTail: (offset) => `rowid + 1 = ${offset}`,
    end: "CAST(1 + max(rowid) AS BIGINT)",
    last: "max(rowid)",
    isLastOf: (key) => `rowid = max(rowid) over (partition by ${key.join(", ")})`,
    numbered: "row_number() over () - 1 as rowid",
  },
  tempName: (name) => `temp.main.${quoteIdentifier(name)}`,
  createTemp: (name, query, mode = "new") => `${temporaryTables[mode]} ${quoteIdentifier(name)} as ${query}`,
  createEmptyTemp: (name, columns) =>
    `create temporary table ${quoteIdentifier(name)} (${columns.join(", ")})`,
  createTempView: (name, query) => `create temporary view ${quoteIdentifier(name)} as ${query}`,
  materializeView: (name) => {
    const [view, table] = [quoteIdentifier(name), quoteIdentifier(`${name}_rows`)];
    return `create or replace temporary table ${table} as select * from ${view};
      drop view ${view};
      alter table ${table} rename to ${view}`;
  },
  insertByName: (table, query) => `insert into ${table} by name ${query}`,
  firstOfEach: (select, from, partition, order) =>
    `SELECT ${select} FROM ${from} qualify ${rank(partition, order)} = 1`,
  othersOfEach: (select, from, partition, order) =>
    `SELECT ${select} FROM ${from} qualify ${rank(partition, order)} > 1`,
  whereWindow: (query, condition) => `${query} qualify ${condition}`,
  semiJoin: (relation, condition) => `semi join ${relation} on ${condition}`,
  antiJoin: (relation, condition) => `anti join ${relation} on ${condition}`,
  allColumns: ({ of, except = [], replaced = [] }) => {
    const left = except.length === 0 ? "" : ` exclude (${except.map(quoteIdentifier).join(", ")})`;
    const other = replaced.map(([name, sql]) => `${sql} as ${quoteIdentifier(name)}`);
    const changed = other.length === 0 ? "" : ` replace (${other.join(", ")})`;
    return `${of === undefined ? "" : `${of}.`}*${left}${changed}`;
  },
  countIf: (condition) => `count(CASE WHEN ${condition} THEN 1 END)`,
  anyTrue: (condition) => `max(${condition})`,
  allTrue: (condition, where) => `min(CASE WHEN ${where} THEN ${condition} END)`,
  anyValue: (value) => `max(${value})`,
  maxWhere: (value, where) => `max(CASE WHEN ${where} THEN ${value} END)`,
  noTexts: "CAST(list_value() AS VARCHAR[])",
  presentTexts: (texts) => `[item FOR item IN list_value(${texts.join(", ")}) IF item IS NOT NULL]`,
  tuple: (values) => `row(${values.join(", ")})`,
  concat: (texts) => texts.map((text) => `coalesce(${text}, '')`).join(" || "),
  timeAt: (microseconds) => `to_timestamp(${microseconds} / 1000000)`,
  microseconds: (time) => `epoch_ns(${time}) // 1000`,
  endOfTime: "CAST('infinity' AS TIMESTAMPTZ)",
  startOfTime: "CAST('-infinity' AS TIMESTAMPTZ)",
};

/** A store on the second engine, and the SQL that its sessions got. */
export interface PlainStore {
  readonly store: Store;
  readonly statements: readonly string[];
}

/** Opens a store on the second engine: the operations of `FeatureStore`, unchanged, over sessions of its own. */
export async function openPlainStore(path: string): Promise<PlainStore> {
  const { opened, session, path: key, ...parts } = await openParts(path, {});
  const statements: string[] = [];
  const database = new DuckEngine({ opened, session, path: key, algorithm: parts.algorithm });
  const engine: Engine = {
    name: plainName,
    batchRows: 1000,
    connect: async (hashLength) => plainSession(await database.connect(hashLength), statements),
    write: (writing, work, signal) => database.write(writing, work, signal),
    holdWrites: (work) => database.holdWrites(work),
    compact: (compacting) => database.compact(compacting),
    close: () => database.close(),
  };
  return { store: new FeatureStore({ engine, ...parts }), statements };
}

function plainSession(inner: EngineSession, statements: string[]): EngineSession {
  const record = (sql: string) => {
    statements.push(sql);
    return sql;
  };
  return {
    database: inner.database,
    dialect: plainDialect,
    catalog: inner.catalog,
    fallbacks: inner.fallbacks,
    files: inner.files,
    exclusive: (work, signal) => inner.exclusive(work, signal),
    transaction: (work) => inner.transaction(work),
    run: (sql: string, bindings?: Bindings) => inner.run(record(sql), bindings),
    rows: (sql: string, bindings?: Bindings) => inner.rows(record(sql), bindings),
    columnsOf: (relation) => inner.columnsOf(relation),
    hasOffsets: (relation) => inner.hasOffsets(relation),
    openStage: (table, columns) => inner.openStage(table, columns),
    blockReader: (source) => inner.blockReader(source),
    onClose: (listener) => inner.onClose(listener),
    close: () => inner.close(),
  };
}
