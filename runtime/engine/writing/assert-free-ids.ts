import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { isStemmaError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Bindings, EngineSession, ResultRow } from "../engine.ts";
import type { ExpectedRows } from "../resolve/expected-rows.ts";
import { inSyncItems } from "../resolve/in-sync-items.ts";
import { hasMovableIds } from "../resolve/moved-ids.ts";
import { latestRows, versionLog } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable, withOffset } from "../tables/physical-table.ts";
import { type IdConflict, idOfOtherParent } from "./id-of-other-parent.ts";

/** Rows that are about to be written. */
export interface ArrivingRows {
  readonly sql: string;
  readonly bindings: Bindings | undefined;
  /** The expected rows of the increment, where they don't come from the upstream features. */
  readonly samples?:
    | { readonly expected: ExpectedRows; readonly bindingsOf: (sql: string) => Bindings }
    | undefined;
}

/** Temporary table of the ids that are stored under another grain: the ids, the grain that has each, and the one that asks for it. */
const takenTable = "stemma_taken_ids";

/** Columns of the temporary table with the texts of an id, and of the grain of the work item that asks for it. */
const idText = (index: number) => `stemma_id_${index}`;
const requestingText = (index: number) => `stemma_requesting_${index}`;

/**
 * Refuses rows whose id another work item has, while that one is expected and in sync: it would lose the row, and look
 * up to date. One that is orphaned or stale gives its ids up.
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
  const { dialect } = session;
  await session.run(
    dialect.createTemp(takenTable, takenIds(dialect, feature, table, rows.sql), "replace"),
    rows.bindings,
  );
  const [taken] = await session.rows(`SELECT 1 FROM ${takenTable} LIMIT 1`);
  if (taken === undefined) return;
  const held = await heldIds(session, feature, rows.samples);
  const conflicts = (await session.rows(held.sql, held.bindings)).map((row) => conflictOf(feature, row));
  if (conflicts.length > 0) throw idOfOtherParent(feature, conflicts);
}

/** SQL of the ids of rows that are currently stored under another grain. */
function takenIds(dialect: Dialect, feature: AnyFeature, table: PhysicalTable, rows: string): string {
  const { idColumns } = feature.spec;
  const { grain } = feature.plan;
  const ids = idColumns.map(quoteIdentifier);
  const list = ids.join(", ");
  const numbered = numberedRows(dialect, table);
  const version = versionLog(dialect, numbered, feature.featureVersion, "all");
  const log = `(SELECT ${withOffset(dialect, numbered)} FROM ${version} AND (${list}) IN (SELECT ${list} FROM stemma_arriving))`;
  const differs = grain.map(quoteIdentifier).map((column) => `c.${column} IS DISTINCT FROM r.${column}`);
  const columns = [
    ...grain.map((column) => `c.${quoteIdentifier(column)}`),
    ...idColumns.map((id, index) => `${textOf(dialect, "c", id)} AS ${idText(index)}`),
    ...grain.map((column, index) => `${textOf(dialect, "r", column)} AS ${requestingText(index)}`),
  ];
  return `WITH stemma_arriving AS MATERIALIZED (SELECT ${[...new Set([...ids, ...grain.map(quoteIdentifier)])].join(", ")} FROM (${rows}))
    SELECT ${columns.join(", ")}
    FROM (${latestRows(dialect, { idColumns, log, repeated: undefined })}) AS c
    INNER JOIN stemma_arriving AS r ON ${ids.map((id) => `c.${id} = r.${id}`).join(" AND ")}
    WHERE c.metaxy_deleted_at IS NULL AND (${differs.join(" OR ")})`;
}

function textOf({ values }: Dialect, alias: string, column: string): string {
  return values.cast(`${alias}.${quoteIdentifier(column)}`, values.scalars.VARCHAR.type);
}

/** Those of the taken ids that can't be given up. */
async function heldIds(
  session: EngineSession,
  feature: AnyFeature,
  samples: ArrivingRows["samples"],
): Promise<{ readonly sql: string; readonly bindings: Bindings | undefined }> {
  const { dialect } = session;
  const { grain: names } = feature.plan;
  const grain = names.map(quoteIdentifier);
  const texts = [
    ...names.map((_, index) => requestingText(index)),
    ...feature.spec.idColumns.map((_, index) => idText(index)),
  ];
  const columns = [
    ...names.map((name) => `${textOf(dialect, "t", name)} AS ${quoteIdentifier(name)}`),
    ...texts,
  ];
  const taken = `SELECT ${columns.join(", ")} FROM ${takenTable} AS t`;
  const settled = await inSyncItems(session, feature, takenTable, samples?.expected).catch(
    (error: unknown) => {
      // Without its upstream, nobody knows that a parent is no longer expected.
      if (isStemmaError(error, "upstream-missing")) return `SELECT ${grain.join(", ")} FROM ${takenTable}`;
      throw error;
    },
  );
  if (settled === undefined) return { sql: `${taken} WHERE false`, bindings: undefined };
  const same = grain.map((column) => `t.${column} = s.${column}`).join(" AND ");
  const sql = `${taken} ${dialect.semiJoin(`(${settled}) AS s`, same)} ORDER BY ${texts.join(", ")}`;
  return { sql, bindings: samples?.bindingsOf(sql) };
}

function conflictOf({ plan, spec }: AnyFeature, taken: ResultRow): IdConflict {
  return {
    id: Object.fromEntries(spec.idColumns.map((column, index) => [column, taken[idText(index)]])),
    parent: Object.fromEntries(plan.grain.map((column, index) => [column, taken[requestingText(index)]])),
    holder: Object.fromEntries(plan.grain.map((column) => [column, taken[column]])),
  };
}
