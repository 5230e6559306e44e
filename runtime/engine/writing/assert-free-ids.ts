import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { isStemmaError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Bindings, EngineSession } from "../engine.ts";
import type { ExpectedRows } from "../resolve/expected-rows.ts";
import { inSyncItems } from "../resolve/in-sync-items.ts";
import { hasMovableIds } from "../resolve/moved-ids.ts";
import { latestRows, versionLog } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable, withOffset } from "../tables/physical-table.ts";
import { type IdConflict, idOfOtherParent, type Named } from "./id-of-other-parent.ts";

/** Rows that are about to be written. */
export interface ArrivingRows {
  readonly sql: string;
  readonly bindings: Bindings | undefined;
  /** The expected rows of the increment, where they don't come from the upstream features. */
  readonly samples?:
    | { readonly expected: ExpectedRows; readonly bindingsOf: (sql: string) => Bindings }
    | undefined;
}

/** Temporary table of the ids that stand under another grain: the grain that has it, and the one that asks for it. */
const takenTable = "stemma_taken_ids";

/**
 * Refuses rows whose id another work item has, while that one is expected and in sync: it would lose the row, and seem
 * to be done. One that is orphaned or stale gives its ids up.
 *
 * `table` is as it is before the write. Within its transaction.
 */
export async function assertFreeIds(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  rows: ArrivingRows,
): Promise<void> {
  if (table.offset === 0n || !hasMovableIds(feature)) return;
  const [taken] = await session.rows(
    `CREATE OR REPLACE TEMP TABLE ${takenTable} AS ${takenIds(session.dialect, feature, table, rows.sql)}`,
    rows.bindings,
  );
  if (taken?.["Count"] === 0n) return;
  const held = await heldIds(session, feature, rows.samples);
  const conflicts = (await session.rows(held.sql, held.bindings)).map((row) => conflictOf(feature, row));
  if (conflicts.length > 0) throw idOfOtherParent(feature, conflicts);
}

/** SQL of the ids of rows that currently stand under another grain. */
function takenIds(dialect: Dialect, feature: AnyFeature, table: PhysicalTable, rows: string): string {
  const { idColumns } = feature.spec;
  const { grain } = feature.plan;
  const ids = idColumns.map(quoteIdentifier);
  const list = ids.join(", ");
  const numbered = numberedRows(dialect, table);
  const version = versionLog(dialect, numbered, feature.featureVersion, "all");
  const log = `(SELECT ${withOffset(dialect, numbered)} FROM ${version} AND (${list}) IN (SELECT ${list} FROM stemma_arriving))`;
  const differs = grain.map(quoteIdentifier).map((column) => `c.${column} IS DISTINCT FROM r.${column}`);
  return `WITH stemma_arriving AS MATERIALIZED (SELECT ${[...new Set([...ids, ...grain.map(quoteIdentifier)])].join(", ")} FROM (${rows}))
    SELECT ${grain.map((column) => `c.${quoteIdentifier(column)}`).join(", ")},
      struct_pack(${ids.map((id) => `${id} := c.${id}::VARCHAR`).join(", ")}) AS stemma_id,
      struct_pack(${grain.map((column) => `${quoteIdentifier(column)} := r.${quoteIdentifier(column)}::VARCHAR`).join(", ")}) AS stemma_requesting_parent
    FROM (${latestRows(dialect, { idColumns, log, repeated: undefined })}) AS c
    INNER JOIN stemma_arriving AS r ON ${ids.map((id) => `c.${id} = r.${id}`).join(" AND ")}
    WHERE c.metaxy_deleted_at IS NULL AND (${differs.join(" OR ")})`;
}

/** Those of the taken ids that can't be given up. */
async function heldIds(
  session: EngineSession,
  feature: AnyFeature,
  samples: ArrivingRows["samples"],
): Promise<{ readonly sql: string; readonly bindings: Bindings | undefined }> {
  const grain = feature.plan.grain.map(quoteIdentifier);
  const taken = `SELECT ${grain.map((column) => `${column}::VARCHAR AS ${column}`).join(", ")}, stemma_id, stemma_requesting_parent
    FROM ${takenTable} AS t`;
  const settled = await inSyncItems(session, feature, takenTable, samples?.expected).catch(
    (error: unknown) => {
      // Without its upstream nobody can say that a parent is no longer expected.
      if (isStemmaError(error, "upstream-missing")) return `SELECT ${grain.join(", ")} FROM ${takenTable}`;
      throw error;
    },
  );
  if (settled === undefined) return { sql: `${taken} WHERE false`, bindings: undefined };
  const same = grain.map((column) => `t.${column} = s.${column}`).join(" AND ");
  const sql = `${taken} SEMI JOIN (${settled}) AS s ON ${same} ORDER BY stemma_requesting_parent, stemma_id`;
  return { sql, bindings: samples?.bindingsOf(sql) };
}

function conflictOf({ plan }: AnyFeature, taken: Readonly<Record<string, unknown>>): IdConflict {
  return {
    id: membersOf(taken["stemma_id"]),
    parent: membersOf(taken["stemma_requesting_parent"]),
    holder: Object.fromEntries(plan.grain.map((column) => [column, taken[column]])),
  };
}

/** The members of a struct that DuckDB gave. */
function membersOf(value: unknown): Named {
  return (value as { readonly entries: Named }).entries;
}
