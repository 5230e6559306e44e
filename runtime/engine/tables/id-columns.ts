import type { Dialect } from "../../dialect/dialect.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName, type TableSchema } from "./physical-table.ts";

/**
 * A run of our own writes to a table under the same id columns, with no write of another program in between.
 *
 * Id columns are no part of a feature version, so rows written under other ids can lie under the same version.
 */
export interface IdSpan {
  readonly table: string;
  readonly featureVersion: string;
  readonly idColumns: readonly string[];
  /** Microseconds: times of the first and the last write. */
  readonly first: bigint;
  readonly last: bigint;
}

/** What identifies the rows of a table that belong together: one version, one set of id columns. */
export interface IdentifiedRows {
  readonly table: string;
  readonly featureVersion: string;
  readonly idColumns: readonly string[];
}

/** Name of the table that holds the spans. */
export const idColumnsTable = "stemma_id_columns";

/** Reads the spans of some tables, oldest first. */
export async function readIdSpans(session: EngineSession, tables: readonly string[]): Promise<IdSpan[]> {
  const name = qualifiedName(idColumnsTable);
  if (tables.length === 0 || (await session.columnsOf(name)) === undefined) return [];
  const rows = await session.rows(
    `SELECT table_name, feature_version, id_columns, ${session.dialect.microseconds("first_time")} AS first,
       ${session.dialect.microseconds("last_time")} AS last
     FROM ${name} WHERE table_name IN (${tables.map(quoteLiteral).join(", ")}) ORDER BY last_time`,
  );
  return rows.map((row) => ({
    table: String(row["table_name"]),
    featureVersion: String(row["feature_version"]),
    idColumns: JSON.parse(String(row["id_columns"])) as string[],
    first: BigInt(String(row["first"])),
    last: BigInt(String(row["last"])),
  }));
}

/**
 * Records a write under the id columns of the spec. Every write that appends to a feature's table calls it, in its
 * transaction. `newest` is the latest time in the table before the write.
 */
export async function recordIdColumns(
  session: EngineSession,
  rows: IdentifiedRows,
  times: { readonly newest: bigint | undefined; readonly time: bigint },
): Promise<void> {
  const spans = await readIdSpans(session, [rows.table]);
  const last = spans.at(-1);
  const name = qualifiedName(idColumnsTable);
  const time = session.dialect.timeAt(times.time);
  if (last !== undefined && last.last === times.newest && isSpanOf(last, rows)) {
    await session.run(
      `UPDATE ${name} SET last_time = ${time}
       WHERE table_name = ${quoteLiteral(rows.table)} AND last_time = ${session.dialect.timeAt(last.last)}`,
    );
    return;
  }
  await session.run(createIdColumns());
  const values = [rows.table, rows.featureVersion, recordedIds(rows.idColumns)].map(quoteLiteral).join(", ");
  await session.run(`INSERT INTO ${name} VALUES (${values}, ${time}, ${time})`);
}

/** Records spans of another store whose rows were copied, where they are not known here. Within a transaction. */
export async function recordSpans(session: EngineSession, spans: readonly IdSpan[]): Promise<void> {
  if (spans.length === 0) return;
  const { timeAt } = session.dialect;
  const known = new Set(
    (
      await readIdSpans(
        session,
        spans.map(({ table }) => table),
      )
    ).map(spanKey),
  );
  const missing = spans.filter((span) => !known.has(spanKey(span)));
  if (missing.length === 0) return;
  await session.run(createIdColumns());
  const values = missing.map(
    ({ table, featureVersion, idColumns, first, last }) =>
      `(${[table, featureVersion, recordedIds(idColumns)].map(quoteLiteral).join(", ")}, ${timeAt(first)}, ${timeAt(last)})`,
  );
  await session.run(`INSERT INTO ${qualifiedName(idColumnsTable)} VALUES ${values.join(", ")}`);
}

function spanKey({ table, featureVersion, idColumns, first, last }: IdSpan): string {
  return JSON.stringify([table, featureVersion, recordedIds(idColumns), String(first), String(last)]);
}

function createIdColumns(): string {
  return `CREATE TABLE IF NOT EXISTS ${qualifiedName(idColumnsTable)} (table_name VARCHAR, feature_version VARCHAR,
    id_columns VARCHAR, first_time TIMESTAMPTZ, last_time TIMESTAMPTZ)`;
}

/** A table, as far as its columns are read from others, which were called so before. */
type RenamedTable = Pick<TableSchema, "copies">;

/** The names that columns have in a table until the first write copies those that were renamed. */
function storedNames(columns: readonly string[], { copies }: RenamedTable): readonly string[] {
  return columns.map((column) => copies?.get(column) ?? column);
}

/**
 * Lets rows that were written before an id column was renamed belong to its new name. Within the transaction that copies
 * the columns of a `table`, which is as it was before.
 */
export async function carryIdColumns(
  session: EngineSession,
  rows: Pick<IdentifiedRows, "table" | "idColumns">,
  table: RenamedTable,
): Promise<void> {
  const old = recordedIds(storedNames(rows.idColumns, table));
  const now = recordedIds(rows.idColumns);
  const name = qualifiedName(idColumnsTable);
  if (old === now || (await session.columnsOf(name)) === undefined) return;
  await session.run(
    `UPDATE ${name} SET id_columns = ${quoteLiteral(now)}
     WHERE table_name = ${quoteLiteral(rows.table)} AND id_columns = ${quoteLiteral(old)}`,
  );
}

/** Their order decides nothing about which rows belong to one sample. */
function recordedIds(idColumns: readonly string[]): string {
  return JSON.stringify([...idColumns].sort());
}

/** The spans of a version that were written under other id columns than the spec's. */
export function foreignSpans(spans: readonly IdSpan[], rows: IdentifiedRows, table: RenamedTable): IdSpan[] {
  const idColumns = storedNames(rows.idColumns, table);
  return spansOfVersion(spans, rows).filter((span) => !hasIds(span, idColumns));
}

/** Whether our last write of a version was one under other id columns: the feature has to run under those of the spec. */
export function wasLastWrittenUnderOtherIds(
  spans: readonly IdSpan[],
  rows: IdentifiedRows,
  table: RenamedTable,
): boolean {
  const last = spansOfVersion(spans, rows).at(-1);
  return last !== undefined && !hasIds(last, storedNames(rows.idColumns, table));
}

/** SQL condition on the rows that were written in some spans. */
export function isWithin(dialect: Dialect, spans: readonly IdSpan[]): string {
  const conditions = spans.map(
    ({ first, last }) =>
      `coalesce(metaxy_updated_at BETWEEN ${dialect.timeAt(first)} AND ${dialect.timeAt(last)}, false)`,
  );
  return `(${conditions.join(" OR ")})`;
}

function spansOfVersion(spans: readonly IdSpan[], { table, featureVersion }: IdentifiedRows): IdSpan[] {
  return spans.filter((span) => span.table === table && span.featureVersion === featureVersion);
}

function isSpanOf(span: IdSpan, rows: IdentifiedRows): boolean {
  return span.featureVersion === rows.featureVersion && hasIds(span, rows.idColumns);
}

function hasIds(span: IdSpan, idColumns: readonly string[]): boolean {
  return recordedIds(span.idColumns) === recordedIds(idColumns);
}
