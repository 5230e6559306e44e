import type { DeleteOptions, DownstreamDeletion } from "../../deleting.ts";
import { isStemmaError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { applyDeletion, type Deleted, type Deletion, deletedRows } from "./apply-deletion.ts";
import { deletableTable } from "./deletable-table.ts";
import {
  type SampleScope,
  type StoredColumns,
  scopeOfRows,
  scopeTables,
  storedColumns,
} from "./sample-scope.ts";

/** What a delete did to a feature, and to those downstream of it. */
export interface DeletedWithDownstream extends Deleted {
  readonly downstream: readonly DownstreamDeletion[];
}

/**
 * Deletes the samples of a scope, or counts them for a dry run; with `cascade` also the samples that were made from them,
 * upstream first. Without it, those are counted. Within a transaction.
 *
 * `features` are those of the project, upstream first.
 */
export async function deleteWithDownstream(
  store: StoreContext,
  session: EngineSession,
  deletion: Deletion,
  features: readonly AnyFeature[],
): Promise<DeletedWithDownstream> {
  const { options } = deletion;
  const selected = new Map([[deletion.feature.key, await copySelected(session, deletion, 0)]]);
  const deleted = await applyDeletion(store, session, deletion);
  let removed = deleted.removed;
  const downstream: DownstreamDeletion[] = [];
  for (const feature of features) {
    const scope = await scopeBelow(session, feature, selected);
    if (scope === undefined) continue;
    const table = await tableBelow(session, feature, options);
    if (table === "unusable") continue;
    const below: Deletion = { feature, table, scope, options, parameters: new BindParameters() };
    selected.set(feature.key, await copySelected(session, below, selected.size));
    const applied = await applyDeletion(store, session, options.cascade === true ? below : counted(below));
    removed ||= applied.removed;
    const { samples, rows, emptyParents } = applied;
    if (samples + emptyParents > 0) downstream.push({ feature: feature.key, samples, rows, emptyParents });
  }
  return { ...deleted, removed, downstream };
}

/** A table that can't be deleted from stops a cascade, and not the delete of what is upstream of it. */
async function tableBelow(
  session: EngineSession,
  feature: AnyFeature,
  { cascade = false }: DeleteOptions,
): Promise<PhysicalTable | undefined | "unusable"> {
  try {
    return await deletableTable(session, feature);
  } catch (error) {
    if (cascade || !isStemmaError(error, "table-shape")) throw error;
    return "unusable";
  }
}

function counted(deletion: Deletion): Deletion {
  const options: DeleteOptions = { ...deletion.options, dryRun: true };
  return { ...deletion, options };
}

/** Copies the rows that a deletion selects, since those of features downstream are found by their columns. */
async function copySelected(
  session: EngineSession,
  deletion: Deletion,
  number: number,
): Promise<StoredColumns | undefined> {
  const rows = await deletedRows(session, deletion);
  if (rows === undefined) return undefined;
  const name = `stemma_deleted_${number}`;
  await session.run(session.dialect.createTemp(name, rows, "replace"));
  return storedColumns(session, session.dialect.tempName(name));
}

/** The samples of a feature that were made from selected samples of its upstream features. */
async function scopeBelow(
  session: EngineSession,
  feature: AnyFeature,
  selected: ReadonlyMap<string, StoredColumns | undefined>,
): Promise<SampleScope | undefined> {
  const { plan } = feature;
  if (plan.kind === "root" || selected.has(feature.key)) return undefined;
  const joins = Object.entries(plan.upstream).flatMap(([key, { on }]) => {
    const rows = selected.get(key);
    return rows === undefined ? [] : [{ on, rows }];
  });
  if (joins.length === 0) return undefined;
  return scopeOfRows(session.dialect, feature, joins, await scopeTables(session, feature));
}
