import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { latestRows, versionLog } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable, withOffset } from "../tables/physical-table.ts";

/**
 * Soft-deletes the children of written parents that the new expansion lacks: those that are stored with another
 * provenance. Otherwise a parent that is cut into fewer pieces would stay stale.
 *
 * `table` is as it was before the write. `parents` is SQL of their grain and provenance. Within a transaction.
 */
export async function deleteReplacedChildren(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
  time: string,
): Promise<number> {
  const same = feature.plan.grain.map(quoteIdentifier).map((column) => `p.${column} = c.${column}`);
  const isWritten = `SELECT 1 FROM ${parentsTable} AS p WHERE ${same.join(" AND ")} AND p.metaxy_provenance = c.metaxy_provenance`;
  return appendDeletions(session, feature, table, parents, time, `NOT EXISTS (${isWritten})`);
}

/** Soft-deletes all children of `parents`. Within a transaction. */
export async function deleteChildren(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
  time: string,
): Promise<number> {
  return appendDeletions(session, feature, table, parents, time, "true");
}

/** Temporary table of the parents whose children are compared. */
const parentsTable = "stemma_written_parents";

/** A soft delete is a further row: a copy of the latest one with the time of deletion. */
async function appendDeletions(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
  time: string,
  condition: string,
): Promise<number> {
  const { idColumns } = feature.spec;
  const ids = idColumns.map(quoteIdentifier).join(", ");
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  const ofParents = `(${grain}) IN (SELECT ${grain} FROM ${parentsTable})`;
  const numbered = numberedRows(session.dialect, table);
  const version = versionLog(session.dialect, numbered, feature.featureVersion, "all");
  // The rows that were just written stay; they are the latest, so the rows that they replace need no comparison.
  const isWritten = `metaxy_updated_at IS NOT DISTINCT FROM ${time}`;
  const others = `SELECT ${ids} FROM ${version} AND NOT ${isWritten} AND ${ofParents}
    EXCEPT SELECT ${ids} FROM ${version} AND ${isWritten}`;
  const log = `(SELECT ${withOffset(session.dialect, numbered)} FROM ${version} AND (${ids}) IN (${others}))`;
  await session.run(session.dialect.createTemp(parentsTable, parents, "replace"));
  const children = `SELECT *
     FROM (${latestRows(session.dialect, { idColumns, log, repeated: undefined })}) AS c
     WHERE metaxy_deleted_at IS NULL AND ${ofParents} AND ${condition}`;
  return session.run(await deletionRows(session, feature, table, children, time));
}

/** SQL that marks rows as deleted. `rows` is SQL of rows of the table, the latest of each sample. */
export async function deletionRows(
  session: EngineSession,
  feature: Pick<AnyFeature, "table">,
  { stored, columns }: Pick<PhysicalTable, "stored" | "columns">,
  rows: string,
  time: string,
): Promise<string> {
  const computed = await session.catalog.computedColumns(feature.table);
  // A column that hides the offset can't be read beside it, so the copy lacks it.
  const kept = [...columns.keys()].filter(
    (column) => column.toLowerCase() !== session.dialect.log.column && !computed.includes(column),
  );
  const values = kept.map((column) =>
    column === "metaxy_updated_at" || column === "metaxy_deleted_at"
      ? `${time} AS ${column}`
      : quoteIdentifier(column),
  );
  return session.dialect.insertByName(stored, `SELECT ${values.join(", ")} FROM (${rows})`);
}
