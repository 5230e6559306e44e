import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { StoreWarning } from "../../warning.ts";
import { readCheckpoint } from "../checkpoint/checkpoint.ts";
import { featureSources } from "../checkpoint/feature-sources.ts";
import { type IncrementalState, loadCheckpoint } from "../checkpoint/load-checkpoint.ts";
import { inspectSources, type SourceState } from "../checkpoint/source-state.ts";
import { type UpstreamSource, upstreamSources } from "../checkpoint/upstream-sources.ts";
import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import { assertUpstreamReadable } from "../tables/assert-upstream-readable.ts";
import { lacksIdColumn } from "../tables/counted-rows.ts";
import { assertAnyIds, nullIdWarning } from "../tables/null-ids.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { tableChanges } from "../tables/table-changes.ts";
import { type AnyResolveOptions, isUnfiltered, upstreamFilters } from "./resolve-options.ts";

/** The tables that a resolve reads, as they are now, and what the last checkpoint says of them. */
export interface InspectedTables {
  readonly logs: readonly SourceState[];
  readonly upstream: readonly UpstreamSource[];
  readonly target: PhysicalTable | undefined;
  readonly emptyParents: PhysicalTable | undefined;
  readonly incremental: IncrementalState | undefined;
  readonly warnings: readonly StoreWarning[];
  /** Whether rows that are appended to the target later can be told from those that it has. */
  readonly targetHasStableRowIds: boolean;
}

/** Inspects all tables, refuses those that do not fit, and loads the checkpoint. Within a transaction. */
export async function inspectTables(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  plan: DerivedPlan | undefined,
  options: AnyResolveOptions,
): Promise<InspectedTables> {
  const found = await featureSources(session, feature, plan);
  const storedCheckpoint =
    plan !== undefined && isUnfiltered(options) && plan.traits.incremental
      ? await readCheckpoint(session, feature, store.algorithm)
      : undefined;
  const logs = await inspectSources(session, found, storedCheckpoint?.checkpoint?.sources ?? []);
  const upstream = upstreamSources(plan, logs);
  const target = logs.at(-1);
  const targetHasStableRowIds = target === undefined || target.hasStableRowIds;
  await assertFits(session, feature, upstream, target?.table, options);
  return {
    logs,
    upstream,
    warnings: await nullIdWarnings(session, logs, upstream.length),
    emptyParents: logs.at(-2)?.table,
    target: isReadable(target) ? target?.table : undefined,
    targetHasStableRowIds,
    incremental:
      plan === undefined || storedCheckpoint === undefined || !logs.every((log) => log.hasStableRowIds)
        ? undefined
        : await loadCheckpoint(session, feature, plan, storedCheckpoint, upstream, logs),
  };
}

/** A table without an id column has no rows that count. */
function isReadable(log: SourceState | undefined): boolean {
  return log?.table !== undefined && !lacksIdColumn(log.table, log.idColumns);
}

/** Refuses, before a model runs, columns whose values would change on the way in or out. */
async function assertFits(
  session: EngineSession,
  feature: AnyFeature,
  upstream: readonly UpstreamSource[],
  target: PhysicalTable | undefined,
  options: AnyResolveOptions,
): Promise<void> {
  for (const { key, facts, table } of upstream) {
    if (table === undefined) continue;
    await assertUpstreamReadable(session, key, facts, table, upstreamFilters(options, key).length > 0);
  }
  if (target !== undefined) await tableChanges(session, feature, target);
}

/**
 * A warning for each source in which rows lack an id. The first `upstream` sources hold expected rows: one of them
 * that has no other live rows is refused.
 */
async function nullIdWarnings(
  session: EngineSession,
  logs: readonly SourceState[],
  upstream: number,
): Promise<StoreWarning[]> {
  const warnings: StoreWarning[] = [];
  for (const [index, { key, name, table, featureVersion, idColumns, nullIds }] of logs.entries()) {
    if (table === undefined || nullIds === 0) continue;
    const facts = { key, table: name, featureVersion, idColumns, rows: nullIds };
    if (index < upstream) await assertAnyIds(session, facts, table);
    const warning = await nullIdWarning(session, facts, table);
    if (warning !== undefined) warnings.push(warning);
  }
  return warnings;
}
