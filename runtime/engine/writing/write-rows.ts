import { isMap } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { WriteOptions, WriteResult } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { forgetFailures } from "../failures/errors-table.ts";
import { sampleHash } from "../resolve/expected-items.ts";
import type { StoreContext } from "../store-context.ts";
import { countedTable, ofVersion } from "../tables/counted-rows.ts";
import { retractEmptyParents } from "../tables/empty-parents.ts";
import { ensureTable } from "../tables/ensure-table.ts";
import { recordIdColumns } from "../tables/id-columns.ts";
import { recordHash } from "../tables/meta-table.ts";
import { type Misfit, misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { withTableName } from "../tables/with-table-name.ts";
import { type ArrivingRows, assertFreeIds } from "./assert-free-ids.ts";
import { deleteReplacedChildren } from "./soft-delete.ts";
import { writeTime } from "./write-time.ts";

/** Rows that are ready to be written: SQL of the declared columns, the two by-field structs and `metaxy_provenance`. */
export interface RowsWithProvenance extends ArrivingRows {
  /** SQL of the ids and `metaxy_created_at` of stored rows that may have the same ids; undefined where they are unknown. */
  readonly created?: string | undefined;
  /** Whether the rows have a `metaxy_created_at` of their own, which is kept. */
  readonly keepsCreated?: boolean;
}

/** What a write did. */
export interface Written extends WriteResult {
  /** The table as it was before. */
  readonly table: PhysicalTable;
  /** Microseconds: the time of the write. */
  readonly time: bigint;
}

/**
 * Appends rows to a feature's table, with their system columns. Within a transaction.
 *
 * The table is a log: a later row of a sample replaces the earlier one when it is read. A sample that is stored
 * already keeps its time of creation.
 */
export async function writeRows(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  rows: RowsWithProvenance,
  options: WriteOptions,
): Promise<Written> {
  return withTableName(feature, () => appendRows(store, session, feature, rows, options));
}

async function appendRows(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  rows: RowsWithProvenance,
  options: WriteOptions,
): Promise<Written> {
  await recordHash(session, store.algorithm);
  const identified = identifiedRows(feature);
  const { table } = await countedTable(session, identified, await ensureTable(session, feature));
  await assertFreeIds(session, feature, table, rows);
  await assertStorable(session, feature, table, rows);
  const times = await writeTime(store, session, table);
  const { time } = times;
  const timeSql = session.dialect.timeAt(time);
  const sql = insertion(session.dialect, {
    feature,
    table,
    rows: rows.sql,
    created: rows.created,
    keepsCreated: rows.keepsCreated ?? false,
    time: timeSql,
    projectVersion: store.projectVersion,
    materializationId: options.materializationId,
  });
  const count = await session.run(sql, rows.bindings);
  if (count === 0) return { table, time, rows: 0, superseded: 0 };
  await recordIdColumns(session, identified, times);
  const written = `FROM ${table.name} WHERE metaxy_updated_at = ${timeSql}`;
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  await forgetFailures(session, feature, `SELECT ${grain} ${written}`);
  if (!feature.plan.traits.mayBeEmpty) return { table, time, rows: count, superseded: 0 };

  const parents = `SELECT DISTINCT ${grain}, metaxy_provenance ${written}`;
  await retractEmptyParents(session, feature, parents);
  // The first rows of a table replace no others.
  const superseded =
    table.offset === 0n ? 0 : await deleteReplacedChildren(session, feature, table, parents, timeSql);
  return { table, time, rows: count, superseded };
}

/** What identifies the rows of a write. */
export function identifiedRows({ table, featureVersion, spec }: AnyFeature): {
  readonly table: string;
  readonly featureVersion: string;
  readonly idColumns: readonly string[];
} {
  return { table, featureVersion, idColumns: spec.idColumns };
}

/** Writes no rows, but creates the table: a feature without samples differs from one that never ran. */
export async function writeNothing(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
): Promise<WriteResult> {
  await store.writing(session, async () => {
    await recordHash(session, store.algorithm);
    await ensureTable(session, feature);
  });
  return { rows: 0, superseded: 0 };
}

/**
 * Refuses rows with a value that the stored column can't return unchanged: another program or an older definition made
 * the column, and its type stays.
 */
export async function assertStorable(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  { sql, bindings }: RowsWithProvenance,
): Promise<void> {
  const misfits = misfitsOf(session.dialect, table, feature.spec).filter(
    ({ fit }) => fit.writable !== undefined,
  );
  if (misfits.length === 0) return;
  const isUnfit = ({ column, fit }: Misfit) => `NOT (${fit.writable?.(quoteIdentifier(column)) ?? "true"})`;
  const { countIf, values } = session.dialect;
  const counts = misfits.map((misfit, index) => `${countIf(isUnfit(misfit))} AS c${index}`);
  const [found] = await session.rows(`SELECT ${counts.join(", ")} FROM (${sql})`, bindings);
  const misfit = misfits.find((_, index) => Number(found?.[`c${index}`] ?? 0) > 0);
  if (misfit === undefined) return;
  const { column, stored, declared } = misfit;
  const ids = feature.spec.idColumns;
  const [row] = await session.rows(
    `SELECT number, ${ids.map(quoteIdentifier).join(", ")}, ${values.cast(`(${quoteIdentifier(column)})`, values.scalars.VARCHAR.type)} AS stemma_value
     FROM (SELECT *, row_number() OVER () AS number FROM (${sql})) WHERE ${isUnfit(misfit)} ORDER BY number LIMIT 1`,
    bindings,
  );
  const id = ids.map((name) => `${name} ${JSON.stringify(String(row?.[name]))}`).join(", ");
  throw new InputError(
    "not-storable",
    `Row ${row?.["number"]} of ${feature.key} (${id}): the table ${feature.table} keeps ${column} as ${stored}, which can't hold ${row?.["stemma_value"]} as the ${declared} that it is. Nothing was written. "stemma migrate ${feature.key}" changes the table.`,
    {
      feature: feature.key,
      row: Number(row?.["number"]),
      column,
      stored,
      declared,
      value: row?.["stemma_value"],
    },
  );
}

/** What an insertion is made of. */
export interface InsertionFacts {
  readonly feature: AnyFeature;
  readonly table: PhysicalTable;
  /** SQL of the rows: declared columns, the two by-field structs and `metaxy_provenance`. */
  readonly rows: string;
  /** SQL of the ids of stored rows and `metaxy_created_at`; all of the table's where undefined. */
  readonly created: string | undefined;
  /** Whether the rows have a `metaxy_created_at` of their own, which is kept. */
  readonly keepsCreated: boolean;
  /** SQL of the time of the write. */
  readonly time: string;
  readonly projectVersion: string | undefined;
  readonly materializationId: string | undefined;
}

/** SQL that appends rows with their system columns. */
function insertion(dialect: Dialect, facts: InsertionFacts): string {
  const { nullOf, scalars } = dialect.values;
  const { feature, table, rows, time } = facts;
  const fits = new Map(misfitsOf(dialect, table, feature.spec).map(({ column, fit }) => [column, fit]));
  const columns = Object.keys(feature.spec.columns).map((column) => {
    const value = `r.${quoteIdentifier(column)}`;
    return `${fits.get(column)?.write(value) ?? value} AS ${quoteIdentifier(column)}`;
  });
  const dataVersions = "coalesce(r.metaxy_data_version_by_field, r.metaxy_provenance_by_field)";
  const optionalText = (value: string | undefined) =>
    value === undefined ? nullOf(scalars.VARCHAR.type) : quoteLiteral(value);
  return dialect.insertByName(
    table.stored,
    `SELECT ${columns.join(", ")},
      ${byFieldValue(dialect, facts, "metaxy_provenance_by_field", "r.metaxy_provenance_by_field")} AS metaxy_provenance_by_field,
      r.metaxy_provenance,
      ${byFieldValue(dialect, facts, "metaxy_data_version_by_field", dataVersions)} AS metaxy_data_version_by_field,
      CASE WHEN r.metaxy_data_version_by_field IS NULL THEN r.metaxy_provenance
        ELSE ${sampleHash(dialect, feature.plan.fieldMembers, "r.metaxy_data_version_by_field")} END AS metaxy_data_version,
      ${quoteLiteral(feature.featureVersion)} AS metaxy_feature_version,
      ${optionalText(facts.projectVersion)} AS metaxy_project_version,
      ${createdSql(facts)} AS metaxy_created_at,
      ${time} AS metaxy_updated_at,
      ${nullOf(scalars.TIMESTAMPTZ.type)} AS metaxy_deleted_at,
      ${optionalText(facts.materializationId)} AS metaxy_materialization_id
    FROM (${rows}) AS r${isJoined(facts) ? joinCreated(facts) : ""}`,
  );
}

function createdSql(facts: InsertionFacts): string {
  const { time, keepsCreated } = facts;
  if (keepsCreated) return `coalesce(r.metaxy_created_at, ${time})`;
  return isJoined(facts) ? `coalesce(s.metaxy_created_at, ${time})` : time;
}

/** Whether the times of creation come from stored rows. */
function isJoined({ table, keepsCreated }: InsertionFacts): boolean {
  return table.offset !== 0n && !keepsCreated;
}

/** Joins the time at which a sample was first written under this feature version. */
function joinCreated({ feature, table, rows, created }: InsertionFacts): string {
  const ids = feature.spec.idColumns.map(quoteIdentifier);
  const names = ids.join(", ");
  const stored =
    created ??
    `SELECT ${names}, metaxy_created_at FROM ${table.name}
     WHERE ${ofVersion(table, feature.featureVersion)} AND (${names}) IN (SELECT ${names} FROM (${rows}))`;
  return `
    LEFT JOIN (SELECT ${names}, min(metaxy_created_at) AS metaxy_created_at FROM (${stored}) GROUP BY ${names}) AS s
      ON ${ids.map((id) => `r.${id} = s.${id}`).join(" AND ")}`;
}

/** A by-field value in the form that the table stores: a struct, or the map of the Python system. */
export function byFieldValue(
  { values }: Dialect,
  { table, feature }: Pick<InsertionFacts, "table" | "feature">,
  column: string,
  struct: string,
): string {
  if (!isMap(table.columns.get(column))) return struct;
  const members = Object.keys(feature.plan.fieldMembers);
  return values.mapOf(
    values.list(members.map(quoteLiteral)),
    values.list(members.map((member) => values.member(struct, member))),
  );
}
