import type { AnyFeature } from "../../feature.ts";
import type { WriteOptions, WriteResult } from "../../increment.ts";
import { quoteName } from "../../sql-text.ts";
import { isExpansion, takeMarkersAway } from "../comparison/empty-parents.ts";
import { recordHash } from "../connection/hash-record.ts";
import type { Session } from "../connection/session.ts";
import { namingTable } from "../connection/table-errors.ts";
import type { StoreContext } from "../store-context.ts";
import { ensureTable } from "../tables/ensure-table.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { insertion } from "./insertion.ts";
import { deleteReplacedChildren } from "./soft-delete.ts";

/** Rows ready to be written: SQL of the declared columns, the two by-field structs and `metaxy_provenance`. */
export interface StampedRows {
  readonly sql: string;
  /** SQL of the ids and `metaxy_created_at` of stored rows that may have the same ids; undefined where that is not known. */
  readonly created?: string | undefined;
  readonly bindings: Parameters<Session["run"]>[1];
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
  session: Session,
  feature: AnyFeature,
  rows: StampedRows,
  options: WriteOptions,
): Promise<Written> {
  return namingTable(feature, () => appendRows(store, session, feature, rows, options));
}

async function appendRows(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  rows: StampedRows,
  options: WriteOptions,
): Promise<Written> {
  await recordHash(session, store.algorithm);
  const table = await ensureTable(session, feature);
  const time = await writeTime(store, session, table);
  const sql = insertion({
    feature,
    table,
    rows: rows.sql,
    created: rows.created,
    time: timeSql(time),
    projectVersion: store.projectVersion,
    materializationId: options.materializationId,
  });
  const count = await session.run(sql, rows.bindings);
  if (count === 0 || !isExpansion(feature)) return { table, time, rows: count, replaced: 0 };

  const parents = `SELECT ${feature.plan.grain.map(quoteName).join(", ")}, metaxy_provenance
    FROM ${table.name} WHERE rowid >= ${table.position} AND metaxy_deleted_at IS NULL GROUP BY ALL`;
  await takeMarkersAway(session, feature, parents);
  // The first rows of a table replace none.
  const replaced =
    table.position === 0n ? 0 : await deleteReplacedChildren(session, feature, table, parents, timeSql(time));
  return { table, time, rows: count, replaced };
}

/** Writes no rows, but makes the table: a feature without samples is not one that never ran. */
export async function writeNothing(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
): Promise<WriteResult> {
  await store.writing(session, async () => {
    await recordHash(session, store.algorithm);
    await ensureTable(session, feature);
  });
  return { rows: 0, replaced: 0 };
}

/** A time later than all rows of the table, whatever the clock says, so that a later write wins. */
export async function writeTime(
  store: StoreContext,
  session: Session,
  table: PhysicalTable,
): Promise<bigint> {
  const [last] = await session.rows(
    `SELECT epoch_us(greatest(max(metaxy_updated_at), max(metaxy_deleted_at))) AS time FROM ${table.name}`,
  );
  const now = store.now();
  const stored = last?.["time"];
  const newest = stored === null || stored === undefined ? now : BigInt(String(stored));
  return newest >= now ? newest + 1n : now;
}

/** SQL of a time in microseconds. */
export function timeSql(time: bigint): string {
  return `make_timestamptz(${time})`;
}
