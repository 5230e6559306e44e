import type { DeleteOptions, DeleteResult } from "../../deleting.ts";
import { InputError, StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream, RowsInput } from "../../increment.ts";
import { BindParameters } from "../bind-parameters.ts";
import { assertSourcesUnmoved } from "../checkpoint/resolved-sources.ts";
import type { EngineSession } from "../engine.ts";
import type { SetOwner } from "../increment/set-owner.ts";
import { assertKnownOptions } from "../known-options.ts";
import { checkRows } from "../staging/check-rows.ts";
import { stageRows } from "../staging/stage-rows.ts";
import { assertWritable, type CompactableStore } from "../store-context.ts";
import { applyDeletion, nothingDeleted } from "./apply-deletion.ts";
import { deletableTable } from "./deletable-table.ts";
import { deleteWithDownstream } from "./delete-downstream.ts";
import { readTarget } from "./delete-target.ts";
import {
  type SampleScope,
  type ScopeTables,
  scopeOfFilters,
  scopeOfIds,
  scopeOfSet,
  scopeTables,
} from "./sample-scope.ts";

/** Deletes samples, or counts those that would be: all of them, or nothing. */
export async function deleteSamples(
  store: CompactableStore,
  feature: AnyFeature,
  which: unknown,
  options: DeleteOptions,
): Promise<DeleteResult> {
  assertKnownOptions("delete", options, ["hard", "history", "force", "cascade", "dryRun", "signal"]);
  if (options.dryRun !== true) assertWritable(store);
  if (options.cascade === true) assertKnowsProject(store, feature);
  const target = readTarget(store, feature, which);
  if (target.kind === "set") return deleteSet(store, feature, target.owner, options);
  const session = await store.connect(feature);
  try {
    if (target.kind === "filter") {
      return await run(store, session, feature, options, (tables, parameters) =>
        scopeOfFilters(session.dialect, feature, target.filters, tables, parameters),
      );
    }
    const given = await stageIds(session, feature, target.ids, options.signal);
    return await run(store, session, feature, options, (tables) =>
      scopeOfIds(session, feature, given, tables),
    );
  } finally {
    await session.close();
  }
}

/** The grains of an increment are on its own session. */
async function deleteSet(
  store: CompactableStore,
  feature: AnyFeature,
  owner: SetOwner,
  options: DeleteOptions,
): Promise<DeleteResult> {
  const { session, kind, count } = owner;
  if (kind === "orphaned" && options.force !== true) assertNotWaiting(feature, owner);
  if (count === 0) {
    const downstream = store.features === undefined ? {} : { downstream: [] };
    return session.exclusive(async () => ({ ...nothingDeleted, ...downstream }));
  }
  return run(store, session, feature, options, async (tables) => {
    await assertSourcesUnmoved(session, owner.sources);
    return scopeOfSet(session, feature, owner, tables);
  });
}

type FindScope = (tables: ScopeTables, parameters: BindParameters) => SampleScope | Promise<SampleScope>;

async function run(
  store: CompactableStore,
  session: EngineSession,
  feature: AnyFeature,
  options: DeleteOptions,
  findScope: FindScope,
): Promise<DeleteResult> {
  const attempt = async () => {
    const table = await deletableTable(session, feature);
    // A write is tried again after a conflict, and then binds its filters anew.
    const parameters = new BindParameters();
    const scope = await findScope(await scopeTables(session, feature), parameters);
    const deletion = { feature, table, scope, options, parameters };
    return store.features === undefined
      ? applyDeletion(store, session, deletion)
      : deleteWithDownstream(store, session, deletion, store.features);
  };
  const { dryRun, signal } = options;
  const { removed, ...result } =
    dryRun === true
      ? await session.exclusive(() => session.transaction(attempt), signal)
      : await store.writing(session, attempt, signal);
  // Later, it would renumber rows under increments that are open by then.
  if (removed) await store.checkpointDatabase(session);
  return result;
}

/** Refuses to follow samples downstream where it is not known what is there. */
function assertKnowsProject(store: CompactableStore, feature: AnyFeature): void {
  if (store.features !== undefined) return;
  throw new InputError(
    "project-required",
    `${store.database} was opened without its project, so it is not known which features are made from ${feature.key}. Pass the project that generated/index.ts exports: openStore(path, { project }).`,
    { feature: feature.key },
  );
}

/** Brings ids into a temporary table. Returns what stands behind FROM to read them. */
async function stageIds(
  session: EngineSession,
  feature: AnyFeature,
  ids: RowsInput<object>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { idColumns, columns } = feature.spec;
  const schema = {
    feature: feature.key,
    columns: Object.fromEntries(idColumns.map((id) => [id, columns[id] ?? "VARCHAR"])),
    members: Object.keys(feature.plan.fieldMembers),
    // A file may hold whole rows.
    ignored: Object.keys(columns),
  };
  const raw = await stageRows(session, "stemma_ids_given", ids, schema, signal);
  if (raw.from !== "file") return raw.table;
  const requirements = {
    ...schema,
    required: idColumns,
    unique: [],
    ids: idColumns,
    checks: [],
    provenance: "ignored",
  } as const;
  const checked = await session.exclusive(() => checkRows(session, raw, requirements), signal);
  return `(${checked.sql})`;
}

/** Refuses to delete orphans while upstream features have to run first: their samples may only be waiting. */
function assertNotWaiting(
  feature: AnyFeature,
  { pendingUpstream }: { readonly pendingUpstream: readonly PendingUpstream[] },
): void {
  const [first] = pendingUpstream;
  if (first === undefined) return;
  const reasons = pendingUpstream.map(reasonOf).join("; ");
  throw new StoreError(
    "upstream-pending",
    `Orphaned rows of ${feature.key} may only be waiting: ${reasons}. Run ${[...new Set(pendingUpstream.map((pending) => pending.feature))].join(", then ")} and resolve ${feature.key} again, or delete them all the same with { force: true } (stemma delete ${feature.key} --orphaned --force).`,
    { feature: feature.key, pendingUpstream },
  );
}

function reasonOf({ feature, samples, reason, columns = [] }: PendingUpstream): string {
  const are = samples === 1 ? "1 sample" : `${samples} samples`;
  switch (reason) {
    case "older-version":
      return `${are} of ${feature} ${samples === 1 ? "is" : "are"} stored under older versions only`;
    case "other-ids":
      return `${are} of ${feature} ${samples === 1 ? "is" : "are"} stored under other id columns only`;
    case "missing-required":
      return `${are} of ${feature} ${samples === 1 ? "lacks" : "lack"} ${columns.join(", ")}`;
  }
}
