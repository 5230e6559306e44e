import type { DeleteOptions, DeleteResult } from "../../deleting.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { BindParameters } from "../bind-parameters.ts";
import { invalidateCheckpoints } from "../checkpoint/invalidate-checkpoints.ts";
import type { EngineSession } from "../engine.ts";
import { errorsTable, ofCurrentVersion } from "../failures/errors-table.ts";
import type { StoreContext } from "../store-context.ts";
import { emptyParentsTable } from "../tables/empty-parents.ts";
import { recordIdColumns } from "../tables/id-columns.ts";
import { recordHash } from "../tables/meta-table.ts";
import { type PhysicalTable, qualifiedName } from "../tables/physical-table.ts";
import { withTableName } from "../tables/with-table-name.ts";
import { deletionRows } from "../writing/soft-delete.ts";
import { identifiedRows } from "../writing/write-rows.ts";
import { writeTime } from "../writing/write-time.ts";
import type { SampleScope } from "./sample-scope.ts";
import {
  type DeletedLog,
  rowsWithoutId,
  selectedLog,
  selectedRows,
  selectSamples,
} from "./select-samples.ts";

/** What is deleted from which table. */
export interface Deletion {
  readonly feature: AnyFeature;
  /** Undefined where the feature was never written. */
  readonly table: PhysicalTable | undefined;
  readonly scope: SampleScope;
  readonly options: DeleteOptions;
  /** Values of the scope's conditions. */
  readonly parameters: BindParameters;
}

/** What a delete did, and whether it removed rows from a table for good. */
export interface Deleted extends DeleteResult {
  readonly removed: boolean;
}

/** A delete that finds nothing. */
export const nothingDeleted: DeleteResult = {
  samples: 0,
  rows: 0,
  rowsWithoutId: 0,
  emptyParents: 0,
  examples: [],
};

/** Deletes the samples of a scope, or counts them for a dry run. Within a transaction. */
export async function applyDeletion(
  store: StoreContext,
  session: EngineSession,
  deletion: Deletion,
): Promise<Deleted> {
  const { feature, table, options } = deletion;
  const allVersions = options.history === true;
  const rows =
    table === undefined
      ? { ...nothingDeleted, removed: false }
      : await deleteRows(store, session, { feature, table, allVersions }, deletion);
  const parents = await deleteEmptyParents(session, deletion);
  const deleted = { ...rows, ...parents, removed: rows.removed || parents.removed };
  if (options.dryRun === true) return deleted;
  if (options.hard === true) await removeErrors(session, deletion);
  const isWritten = deleted.rows + deleted.rowsWithoutId + deleted.emptyParents > 0;
  if (isWritten) await recordHash(session, store.algorithm);
  if (deleted.removed) await invalidateCheckpoints(session, [feature.table, emptyParentsTable(feature)]);
  return deleted;
}

/**
 * SQL of the rows of the samples that a deletion selects; undefined where the feature was never written. A hard delete
 * removes all of their rows, also of samples that were deleted before, so what was made from any of them is found by it.
 */
export async function deletedRows(
  session: EngineSession,
  { feature, table, scope, options, parameters }: Deletion,
): Promise<string | undefined> {
  if (table === undefined) return undefined;
  const deleted = { feature, table, allVersions: options.history === true };
  const { hard = false } = options;
  await selectSamples(session, deleted, scope, parameters, hard);
  return hard
    ? `SELECT * FROM ${selectedLog(session.dialect, deleted)}`
    : selectedRows(session.dialect, deleted);
}

async function deleteRows(
  store: StoreContext,
  session: EngineSession,
  deleted: DeletedLog,
  { scope, options, parameters }: Deletion,
): Promise<Deleted> {
  const { hard = false, dryRun = false } = options;
  const selected = await selectSamples(session, deleted, scope, parameters, hard);
  const counted = { ...nothingDeleted, samples: selected.samples, examples: selected.examples };
  const unidentified = scope.withoutId ? rowsWithoutId(session.dialect, deleted, scope) : undefined;
  const bindings = unidentified === undefined ? {} : parameters.of(unidentified);
  if (dryRun) {
    const rows = hard ? await countRows(session, selectedLog(session.dialect, deleted), {}) : selected.rows;
    const without = unidentified === undefined ? 0 : await countRows(session, unidentified, bindings);
    return { ...counted, rows, rowsWithoutId: without, removed: false };
  }
  const without = unidentified === undefined ? 0 : await session.run(`DELETE FROM ${unidentified}`, bindings);
  const rows = hard
    ? await session.run(`DELETE FROM ${selectedLog(session.dialect, deleted)}`)
    : await appendDeletions(store, session, deleted, selected.rows);
  return { ...counted, rows, rowsWithoutId: without, removed: without > 0 || (hard && rows > 0) };
}

async function appendDeletions(
  store: StoreContext,
  session: EngineSession,
  deleted: DeletedLog,
  found: number,
): Promise<number> {
  if (found === 0) return 0;
  const times = await writeTime(store, session, deleted.table);
  const { feature, table } = deleted;
  const rows = selectedRows(session.dialect, deleted);
  const deletions = await deletionRows(session, feature, table, rows, session.dialect.timeAt(times.time));
  const count = await withTableName(feature, () => session.run(deletions));
  await recordIdColumns(session, identifiedRows(feature), times);
  return count;
}

async function deleteEmptyParents(
  session: EngineSession,
  { feature, scope, options, parameters }: Deletion,
): Promise<Pick<Deleted, "emptyParents" | "removed">> {
  if (scope.parents === undefined) return { emptyParents: 0, removed: false };
  const { hard = false, dryRun = false, history = false } = options;
  const selection: EmptyParentSelection = {
    feature,
    allVersions: history,
    condition: scope.parents,
    parameters,
  };
  const emptyParents = await countEmptyParents(session, selection);
  if (dryRun) return { emptyParents, removed: false };
  if (hard) return { emptyParents, removed: (await hardDeleteEmptyParents(session, selection)) > 0 };
  if (emptyParents > 0) await softDeleteEmptyParents(session, selection);
  return { emptyParents, removed: false };
}

/** Removes the recorded errors of the selected work items, which name them. Within a transaction. */
async function removeErrors(
  session: EngineSession,
  { feature, scope, options, parameters }: Deletion,
): Promise<void> {
  if (scope.errors === undefined) return;
  const version = options.history === true ? "true" : ofCurrentVersion(feature);
  const sql = `DELETE FROM ${qualifiedName(errorsTable(feature))} WHERE ${version} AND (${scope.errors})`;
  await session.run(sql, parameters.of(sql));
}

async function countRows(
  session: EngineSession,
  from: string,
  bindings: ReturnType<BindParameters["of"]>,
): Promise<number> {
  const [found] = await session.rows(`SELECT count(*) AS rows FROM ${from}`, bindings);
  return Number(found?.["rows"]);
}

/** The empty parents that a delete selects. */
export interface EmptyParentSelection {
  readonly feature: AnyFeature;
  readonly allVersions: boolean;
  /** SQL condition on the selected empty parents. */
  readonly condition: string;
  readonly parameters: BindParameters;
}

/** Counts the selected parents that are marked as empty. */
async function countEmptyParents(session: EngineSession, selection: EmptyParentSelection): Promise<number> {
  const sql = `SELECT count(*) AS parents FROM (${currentEmptyParents(session.dialect, selection)})`;
  const [found] = await session.rows(sql, selection.parameters.of(sql));
  return Number(found?.["parents"]);
}

/** Retracts empty parents by further rows, since their table is a log. Within a transaction. */
async function softDeleteEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<void> {
  const table = qualifiedName(emptyParentsTable(selection.feature));
  const columns = session.dialect.allColumns({
    replaced: [
      ["metaxy_provenance", "NULL"],
      ["metaxy_provenance_by_field", "NULL"],
      ["is_retracted", "true"],
    ],
  });
  const sql = `INSERT INTO ${table} SELECT ${columns} FROM (${currentEmptyParents(session.dialect, selection)})`;
  await session.run(sql, selection.parameters.of(sql));
}

/** Removes all rows of the selected parents. Within a transaction. */
async function hardDeleteEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<number> {
  const sql = `DELETE FROM ${logOf(selection)} AND (${selection.condition})`;
  return session.run(sql, selection.parameters.of(sql));
}

/** SQL of the current empty parents: the last row of a parent under a version decides whether it is empty. */
function currentEmptyParents({ log, whereWindow }: Dialect, selection: EmptyParentSelection): string {
  const key = [...selection.feature.plan.grain.map(quoteIdentifier), "metaxy_feature_version"];
  const current = whereWindow(
    `SELECT * FROM ${logOf(selection)}`,
    `${log.isLastOf(key)} AND NOT is_retracted`,
  );
  return `SELECT * FROM (${current}) WHERE (${selection.condition})`;
}

function logOf({ feature, allVersions }: EmptyParentSelection): string {
  const version = allVersions ? "IS NOT NULL" : `= ${quoteLiteral(feature.featureVersion)}`;
  return `${qualifiedName(emptyParentsTable(feature))} WHERE metaxy_feature_version ${version}`;
}
