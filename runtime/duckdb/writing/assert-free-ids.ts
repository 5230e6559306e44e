import { InputError, isStemmaError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import type { ExpectedRows } from "../comparison/expected-rows.ts";
import { hasMovableIds } from "../comparison/moved-ids.ts";
import { settledGrains } from "../comparison/settled-grains.ts";
import type { Bindings, Session } from "../connection/session.ts";
import { latestRows, versionLog } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable } from "../tables/physical-table.ts";

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
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  rows: ArrivingRows,
): Promise<void> {
  if (table.position === 0n || !hasMovableIds(feature)) return;
  const [taken] = await session.rows(
    `CREATE OR REPLACE TEMP TABLE ${takenTable} AS ${takenIds(feature, table, rows.sql)}`,
    rows.bindings,
  );
  if (taken?.["Count"] === 0n) return;
  const held = await heldIds(session, feature, rows.samples);
  const [first] = await session.rows(held.sql, held.bindings);
  if (first !== undefined) throw refusal(feature, first);
}

/** SQL of the ids of rows that currently stand under another grain. */
function takenIds(feature: AnyFeature, table: PhysicalTable, rows: string): string {
  const { idColumns } = feature.spec;
  const { grain } = feature.plan;
  const ids = idColumns.map(quoteName);
  const list = ids.join(", ");
  const version = versionLog(numberedRows(table), feature.featureVersion, "all");
  const log = `(SELECT rowid AS rowid, * FROM ${version} AND (${list}) IN (SELECT ${list} FROM stemma_arriving))`;
  const differs = grain.map(quoteName).map((column) => `c.${column} IS DISTINCT FROM r.${column}`);
  return `WITH stemma_arriving AS MATERIALIZED (SELECT ${[...new Set([...ids, ...grain.map(quoteName)])].join(", ")} FROM (${rows}))
    SELECT ${grain.map((column) => `c.${quoteName(column)}`).join(", ")},
      struct_pack(${ids.map((id) => `${id} := c.${id}::VARCHAR`).join(", ")}) AS stemma_id,
      struct_pack(${grain.map((column) => `${quoteName(column)} := r.${quoteName(column)}::VARCHAR`).join(", ")}) AS stemma_asking
    FROM (${latestRows({ idColumns, log, repeated: undefined })}) AS c
    INNER JOIN stemma_arriving AS r ON ${ids.map((id) => `c.${id} = r.${id}`).join(" AND ")}
    WHERE c.metaxy_deleted_at IS NULL AND (${differs.join(" OR ")})`;
}

/** Those of the taken ids that can't be given up. */
async function heldIds(
  session: Session,
  feature: AnyFeature,
  samples: ArrivingRows["samples"],
): Promise<{ readonly sql: string; readonly bindings: Bindings | undefined }> {
  const grain = feature.plan.grain.map(quoteName);
  const counted = `SELECT ${grain.map((column) => `${column}::VARCHAR AS ${column}`).join(", ")}, stemma_id, stemma_asking, count(*) OVER () AS stemma_count
    FROM ${takenTable} AS t`;
  const settled = await settledGrains(session, feature, takenTable, samples?.expected).catch(
    (error: unknown) => {
      // Without its upstream nobody can say that a parent is no longer expected.
      if (isStemmaError(error, "upstream-missing")) return `SELECT ${grain.join(", ")} FROM ${takenTable}`;
      throw error;
    },
  );
  if (settled === undefined) return { sql: `${counted} WHERE false`, bindings: undefined };
  const same = grain.map((column) => `t.${column} = s.${column}`).join(" AND ");
  const sql = `${counted} SEMI JOIN (${settled}) AS s ON ${same} ORDER BY ALL LIMIT 1`;
  return { sql, bindings: samples?.bindingsOf(sql) };
}

function refusal(feature: AnyFeature, taken: Readonly<Record<string, unknown>>): InputError {
  const id = membersOf(taken["stemma_id"]);
  const asking = membersOf(taken["stemma_asking"]);
  const holder = Object.fromEntries(feature.plan.grain.map((column) => [column, taken[column]]));
  const missing = feature.plan.grain.filter((column) => !feature.spec.idColumns.includes(column));
  const count = Number(taken["stemma_count"]);
  const others = count === 1 ? "" : ` (the first of ${count} such rows)`;
  return new InputError(
    "id-of-other-parent",
    `The row of ${feature.key} with ${text(id)} for ${text(asking)}${others}: this id belongs to ${text(holder)}, which is expected and in sync. An id belongs to one parent. Make ids that differ from parent to parent, or add ${missing.join(", ")} to idColumns; to move the id, delete the rows of ${text(holder)} first (store.delete). Nothing was written.`,
    { feature: feature.key, id, parent: asking, holder, rows: count },
  );
}

/** The members of a struct that DuckDB gave. */
function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return (value as { readonly entries: Readonly<Record<string, unknown>> }).entries;
}

function text(columns: Readonly<Record<string, unknown>>): string {
  return Object.entries(columns)
    .map(([column, value]) => `${column} = ${value === null ? "null" : JSON.stringify(String(value))}`)
    .join(", ");
}
