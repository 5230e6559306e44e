import type { DerivedPlan } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import type { StoreWarning } from "../../warning.ts";
import type { BindParameters } from "../bind-parameters.ts";
import { readCheckpoint } from "../checkpoint/checkpoint.ts";
import { featureSources } from "../checkpoint/feature-sources.ts";
import { type IncrementalState, loadCheckpoint } from "../checkpoint/load-checkpoint.ts";
import { type ResolvedSources, resolvedSources } from "../checkpoint/resolved-sources.ts";
import { inspectSources, type SourceState } from "../checkpoint/source-state.ts";
import { type UpstreamSource, upstreamSources } from "../checkpoint/upstream-sources.ts";
import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import { assertUpstreamReadable } from "../tables/assert-upstream-readable.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import { lacksIdColumn, ofVersion } from "../tables/counted-rows.ts";
import { assertAnyIds, nullIdWarning } from "../tables/null-ids.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { tableChanges } from "../tables/table-changes.ts";
import { workItemsTable } from "../tables/work-items.ts";
import { comparison, createNewItems, createNoItems } from "./comparison.ts";
import { assertUnambiguous, countSets, noCounts, type SetCounts } from "./count-sets.ts";
import { type ExpectedRows, expectedFromPlan, expectedFromSamples } from "./expected-rows.ts";
import { pendingUpstream } from "./pending-upstream.ts";
import { RepeatedIds } from "./repeated-ids.ts";
import { type AnyResolveOptions, isUnfiltered, targetFilters, upstreamFilters } from "./resolve-options.ts";
import { holdsAny, storedSide } from "./stored-side.ts";
import { upstreamRelations } from "./upstream-source.ts";

/** What a comparison leaves behind: the grains in a temporary table, and how to read the rows of each set. */
export interface Compared extends SetCounts {
  readonly expected: ExpectedRows;
  /** SQL of the target's current rows, undefined where there is no stored side. */
  readonly stored: string | undefined;
  /** SQL of ids and times of creation, see {@link createdTimes}. */
  readonly created: string | undefined;
  readonly pendingUpstream: readonly PendingUpstream[];
  readonly incremental: IncrementalState | undefined;
  readonly warnings: readonly StoreWarning[];
  /** The target's table as it was compared; undefined where it was never written. */
  readonly target: PhysicalTable | undefined;
  /** Whether the grains are in a table; else they are in a view, all of them new. */
  readonly isMaterialized: boolean;
  readonly sources: ResolvedSources;
}

/** Looks at the tables, and compares what is expected with what is stored. Within a transaction. */
export async function compare(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  options: AnyResolveOptions,
  samples: string | undefined,
  parameters: BindParameters,
): Promise<Compared> {
  const columns = { feature: feature.key, columns: feature.spec.columns };
  const filters = bindFilters(targetFilters(options, feature.key), columns, parameters);
  const staleIf = bindFilters(options.staleIf, columns, parameters);

  const plan = samples === undefined ? derivedPlan(feature) : undefined;
  const inspected = await inspectTables(store, session, feature, plan, options);
  const { logs, upstream, target, emptyParents, incremental, warnings } = inspected;
  const isUpToDate = incremental?.isUpToDate === true;
  const affected = incremental?.affected;
  const repeated = isUpToDate ? undefined : new RepeatedIds(session);
  const expected =
    plan === undefined
      ? expectedFromSamples(session.dialect, feature, samples ?? "", filters)
      : expectedFromPlan(
          session.dialect,
          plan,
          await upstreamRelations(session.dialect, upstream, { options, parameters, affected, repeated }),
        );
  const isEmpty =
    affected === undefined && !(await holdsAny(session, feature, { table: target, emptyParents }));
  const stored =
    isEmpty || options.skipComparison === true
      ? undefined
      : await storedSide(
          session,
          feature,
          { table: target, emptyParents },
          { filters, staleIf, affected: affected?.at(-1), repeated },
        );
  const facts = {
    expected,
    stored: stored?.rows,
    created: createdTimes(
      session.dialect,
      feature,
      target,
      isEmpty ? "none" : stored?.targetSlice,
      inspected.targetHasStableRowIds,
    ),
    pendingUpstream: await pendingUpstream(session, upstream, incremental?.pendingByUpstream ?? new Map()),
    incremental,
    warnings,
    target,
  };
  if (isUpToDate) {
    await session.run(createNoItems(session.dialect, feature));
    return { ...facts, ...noCounts, isMaterialized: true, sources: noSources };
  }
  const sql = comparison(session.dialect, feature, expected, stored?.items);
  const bindings = parameters.of(sql);
  // A view takes no parameters, and samples are at hand anyway.
  const isMaterialized = stored !== undefined || plan === undefined || Object.keys(bindings).length > 0;
  await (isMaterialized
    ? session.run(sql, bindings)
    : session.run(createNewItems(session.dialect, expected)));
  await assertUnambiguous(session, feature);
  const counts = await countSets(session);
  // Last of all, so that it vouches for what was read before.
  const sources = await resolvedSources(session, logs);
  return {
    ...facts,
    ...counts,
    isMaterialized,
    sources: {
      expected: sources.filter(({ key }) => key !== feature.key),
      stored: sources.filter(({ table }) => table.name === target?.name),
    },
  };
}

const noSources: ResolvedSources = { expected: [], stored: [] };

interface InspectedTables {
  readonly logs: readonly SourceState[];
  readonly upstream: readonly UpstreamSource[];
  readonly target: PhysicalTable | undefined;
  readonly emptyParents: PhysicalTable | undefined;
  readonly incremental: IncrementalState | undefined;
  readonly warnings: readonly StoreWarning[];
  /** Whether rows that are appended to the target later can be told from those that it has. */
  readonly targetHasStableRowIds: boolean;
}

/** Looks at all tables, and recalls what is known of them. */
async function inspectTables(
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
    warnings: await reportNullIds(session, logs, upstream.length),
    emptyParents: logs.at(-2)?.table,
    target: isReadable(target) ? target?.table : undefined,
    targetHasStableRowIds,
    incremental:
      plan === undefined || storedCheckpoint === undefined || !logs.every((log) => log.hasStableRowIds)
        ? undefined
        : await loadCheckpoint(session, feature, plan, storedCheckpoint, upstream, logs),
  };
}

/** Refuses, before a model runs, columns of which a value would be bent on the way in or out. */
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

/** A table without an id column has no rows that count. */
function isReadable(log: SourceState | undefined): boolean {
  return log?.table !== undefined && !lacksIdColumn(log.table, log.idColumns);
}

function derivedPlan(feature: AnyFeature): DerivedPlan {
  const { plan } = feature;
  if (plan.kind === "derived") return plan;
  const ids = feature.spec.idColumns.join(", ");
  throw new InputError(
    "samples-required",
    `${feature.key} is a root: it has no upstream to derive its samples from. Pass { samples } with ${ids} and metaxy_provenance_by_field (one text per field).`,
    { feature: feature.key },
  );
}

/**
 * What is to be said of logs in which rows lack an id: a warning each. `upstream` are those whose rows are expected;
 * one that has no other live rows is refused.
 */
async function reportNullIds(
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

/**
 * SQL of the ids of all stored rows that grains of the increment may have, and of the times at which they were created.
 *
 * `near` is what was kept of the target's log for touched grains, or `none` where it has no rows of the version. Undefined where a grain does not tell its ids.
 */
function createdTimes(
  dialect: Dialect,
  feature: AnyFeature,
  target: PhysicalTable | undefined,
  targetSlice: PhysicalTable | "none" | undefined,
  hasStableRowIds: boolean,
): string | undefined {
  // What was appended since can't be told in a table without row ids; a write then looks at all of it.
  if (feature.plan.traits.outputs === "many" || !hasStableRowIds) return undefined;
  const ids = feature.spec.idColumns.map(quoteIdentifier).join(", ");
  const times = `SELECT ${ids}, metaxy_created_at FROM`;
  const isOfVersion = ofVersion(target ?? {}, feature.featureVersion);
  const since = `${times} ${qualifiedName(feature.table)} WHERE ${isOfVersion} AND ${dialect.log.since(target?.offset ?? 0n)}`;
  if (target === undefined || targetSlice === "none") return since;
  const before =
    targetSlice === undefined
      ? `${target.name} WHERE ${isOfVersion} AND ${dialect.log.before(target.offset)} AND (${ids}) IN (SELECT ${ids} FROM ${workItemsTable})`
      : targetSlice.name;
  return `${since} UNION ALL ${times} ${before}`;
}
