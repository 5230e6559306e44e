import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import type { StoreWarning } from "../../warning.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { IncrementalState } from "../checkpoint/load-checkpoint.ts";
import { type ResolvedSources, resolvedSources } from "../checkpoint/resolved-sources.ts";
import type { EngineSession } from "../engine.ts";
import { knownFailures } from "../failures/errors-table.ts";
import type { StoreContext } from "../store-context.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { type ComparedSets, runComparison, skipComparison } from "./comparison.ts";
import { derivedPlan, type ExpectedRows, expectedFromPlan, expectedFromSamples } from "./expected-rows.ts";
import { inspectTables } from "./inspect-tables.ts";
import { pendingUpstream } from "./pending-upstream.ts";
import { RepeatedIds } from "./repeated-ids.ts";
import { type AnyResolveOptions, targetFilters } from "./resolve-options.ts";
import { createdTimes, holdsAny, storedSide } from "./stored-side.ts";
import { upstreamRelations } from "./upstream-source.ts";

/** What a comparison leaves behind: the grains in a temporary table, and how to read the rows of each set. */
export interface Compared extends ComparedSets {
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
  /** Markers of empty parents; undefined where there are none. */
  readonly emptyParents: PhysicalTable | undefined;
  /** Whether filters may hide stored rows. */
  readonly isTargetFiltered: boolean;
  /** Whether all expected work items are new since the caller wanted that. */
  readonly isComparisonSkipped: boolean;
  readonly sources: ResolvedSources;
}

/** Inspects the tables, and compares what is expected with what is stored. Within a transaction. */
export async function compare(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  options: AnyResolveOptions,
  samples: string | undefined,
  parameters: BindParameters,
): Promise<Compared> {
  const columns = { feature: feature.key, columns: feature.spec.columns };
  const filters = bindFilters(session.dialect, targetFilters(options, feature.key), columns, parameters);
  const staleIf = bindFilters(session.dialect, options.staleIf, columns, parameters);

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
    emptyParents,
    isTargetFiltered: filters.length > 0,
    isComparisonSkipped: options.skipComparison === true,
  };
  if (isUpToDate) return { ...facts, ...(await skipComparison(session, feature)), sources: noSources };
  // Samples are at hand anyway.
  const isView = plan !== undefined;
  const compared = await runComparison(session, feature, expected, stored?.items, parameters, isView, {
    known: await knownFailures(session, feature),
    isExcluded: options.excludeFailed === true,
  });
  // Last of all: it proves that what was read before did not move.
  const sources = await resolvedSources(session, logs);
  return {
    ...facts,
    ...compared,
    sources: {
      expected: sources.filter(({ key }) => key !== feature.key),
      stored: sources.filter(({ table }) => table.name === target?.name),
    },
  };
}

const noSources: ResolvedSources = { expected: [], stored: [] };
