import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { WriteOptions, WriteResult } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import { countedTable } from "../tables/counted-rows.ts";
import { retractEmptyParents } from "../tables/empty-parents.ts";
import { ensureTable } from "../tables/ensure-table.ts";
import { recordIdColumns } from "../tables/id-columns.ts";
import { recordHash } from "../tables/meta-table.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { withTableName } from "../tables/with-table-name.ts";
import { type ArrivingRows, assertFreeIds } from "./assert-free-ids.ts";
import { assertStorable } from "./assert-storable.ts";
import { insertion } from "./insertion.ts";
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
  if (count > 0) await recordIdColumns(session, identified, times);
  if (count === 0 || !feature.plan.traits.mayBeEmpty) return { table, time, rows: count, superseded: 0 };

  const parents = `SELECT DISTINCT ${feature.plan.grain.map(quoteIdentifier).join(", ")}, metaxy_provenance
    FROM ${table.name} WHERE metaxy_updated_at = ${timeSql}`;
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
