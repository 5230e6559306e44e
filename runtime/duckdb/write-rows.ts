import type { AnyFeature } from "../feature.ts";
import type { WriteOptions, WriteResult } from "../increment.ts";
import { quoteName, quoteText } from "../sql-text.ts";
import { isExpansion, takeMarkersAway } from "./empty-parents.ts";
import { ensureTable } from "./ensure-table.ts";
import { sampleHash } from "./expected-rows.ts";
import { recordHash } from "./hash-record.ts";
import { latestRows } from "./latest-rows.ts";
import type { PhysicalTable } from "./physical-table.ts";
import { currentRows } from "./relation.ts";
import type { Session } from "./session.ts";
import type { StoreContext } from "./store-context.ts";

/** Rows ready to be written: SQL of the declared columns and the two by-field structs. */
export interface StampedRows {
  readonly sql: string;
  readonly bindings: Parameters<Session["run"]>[1];
}

/** What a write did, and the table as it was before. */
export interface Written extends WriteResult {
  readonly table: PhysicalTable;
}

/**
 * Appends rows to a feature's table, with their system columns. Within a transaction.
 *
 * The table is a log: a later row of a sample replaces the earlier one when it is read. A sample that is stored
 * already keeps its time of creation.
 */
export async function writeRows(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  rows: StampedRows,
  options: WriteOptions,
): Promise<Written> {
  await recordHash(session, store.algorithm);
  const table = await ensureTable(session, feature);
  const time = `make_timestamptz(${await writeTime(store, session, table)})`;
  const count = await session.run(insertion(store, feature, table, rows.sql, time, options), rows.bindings);
  if (count === 0 || !isExpansion(feature)) return { table, rows: count, replaced: 0 };

  const parents = `SELECT ${feature.plan.grain.map(quoteName).join(", ")}, metaxy_provenance
    FROM ${table.name} WHERE rowid >= ${table.position} AND metaxy_deleted_at IS NULL GROUP BY ALL`;
  await takeMarkersAway(session, feature, parents);
  return {
    table,
    rows: count,
    replaced: await deleteReplacedChildren(session, feature, table, parents, time),
  };
}

/** Later than all rows of the table, whatever the clock says, so that a later write wins. */
async function writeTime(store: StoreContext, session: Session, table: PhysicalTable): Promise<bigint> {
  const [last] = await session.rows(`SELECT epoch_us(max(metaxy_updated_at)) AS time FROM ${table.name}`);
  const now = store.now();
  const stored = last?.["time"];
  const newest = stored === null || stored === undefined ? undefined : BigInt(String(stored));
  return newest !== undefined && newest >= now ? newest + 1n : now;
}

function insertion(
  store: StoreContext,
  feature: AnyFeature,
  table: PhysicalTable,
  rows: string,
  time: string,
  options: WriteOptions,
): string {
  const ids = feature.spec.idColumns.map(quoteName);
  const provenance = byFieldValue(
    table,
    feature,
    "metaxy_provenance_by_field",
    "r.metaxy_provenance_by_field",
  );
  const versions = "coalesce(r.metaxy_data_version_by_field, r.metaxy_provenance_by_field)";
  const dataVersion = byFieldValue(table, feature, "metaxy_data_version_by_field", versions);
  const text = (value: string | undefined) => (value === undefined ? "NULL::VARCHAR" : quoteText(value));
  const stored = currentRows({
    table,
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: Object.fromEntries(
      feature.spec.idColumns.map((id) => [id, feature.spec.columns[id] ?? "VARCHAR"]),
    ),
    members: [],
    systemColumns: ["metaxy_created_at"],
    filters: [],
  });
  return `INSERT INTO ${table.name} BY NAME
    SELECT ${Object.keys(feature.spec.columns)
      .map((column) => `r.${quoteName(column)}`)
      .join(", ")},
      ${provenance} AS metaxy_provenance_by_field,
      ${sampleHash(feature.plan.members, "r.metaxy_provenance_by_field")} AS metaxy_provenance,
      ${dataVersion} AS metaxy_data_version_by_field,
      ${sampleHash(feature.plan.members, versions)} AS metaxy_data_version,
      ${quoteText(feature.featureVersion)} AS metaxy_feature_version,
      ${text(store.projectVersion)} AS metaxy_project_version,
      coalesce(s.metaxy_created_at, ${time}) AS metaxy_created_at,
      ${time} AS metaxy_updated_at,
      NULL::TIMESTAMPTZ AS metaxy_deleted_at,
      ${text(options.materializationId)} AS metaxy_materialization_id
    FROM (${rows}) AS r
    LEFT JOIN (${stored}) AS s ON ${ids.map((id) => `r.${id} = s.${id}`).join(" AND ")}`;
}

/** A by-field value in the form that the table keeps: a struct, or the map of the Python system. */
function byFieldValue(table: PhysicalTable, feature: AnyFeature, column: string, struct: string): string {
  if (!(table.columns.get(column) ?? "").startsWith("MAP")) return struct;
  const members = Object.keys(feature.plan.members);
  return `MAP([${members.map(quoteText).join(", ")}], [${members.map((m) => `(${struct}).${quoteName(m)}`).join(", ")}])`;
}

/**
 * Soft-deletes the children of the written parents that the new expansion does not have: those that are still there
 * with another provenance. So that cutting a parent into fewer pieces settles.
 */
async function deleteReplacedChildren(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
  time: string,
): Promise<number> {
  return appendDeletions(session, feature, table, time, (grain) => {
    const same = grain.map((column) => `p.${column} = c.${column}`).join(" AND ");
    return `EXISTS (SELECT 1 FROM (${parents}) AS p WHERE ${same})
      AND NOT EXISTS (SELECT 1 FROM (${parents}) AS p WHERE ${same} AND p.metaxy_provenance = c.metaxy_provenance)`;
  });
}

/** Soft-deletes the children of all `parents`, since they have none any more. Within a transaction. */
export async function deleteChildren(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
): Promise<number> {
  const time = `make_timestamptz(${await writeTime(store, session, table)})`;
  return appendDeletions(session, feature, table, time, (grain) => {
    const same = grain.map((column) => `p.${column} = c.${column}`).join(" AND ");
    return `EXISTS (SELECT 1 FROM (${parents}) AS p WHERE ${same})`;
  });
}

/** A soft delete is a further row: a copy of the latest one that bears the time of deletion. */
async function appendDeletions(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  time: string,
  condition: (grain: readonly string[]) => string,
): Promise<number> {
  const latest = latestRows({
    table,
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    upTo: "all",
  });
  return session.run(
    `INSERT INTO ${table.name}
     SELECT * REPLACE (${time} AS metaxy_updated_at, ${time} AS metaxy_deleted_at)
     FROM (${latest}) AS c WHERE metaxy_deleted_at IS NULL AND ${condition(feature.plan.grain.map(quoteName))}`,
  );
}
