import type { DerivedPlan } from "../../contract.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import { comparison, newGrains, noGrains } from "../comparison/comparison.ts";
import { assertUnambiguous, countSets, noCounts, type SetCounts } from "../comparison/count-sets.ts";
import { createdTimes } from "../comparison/created-times.ts";
import { type ExpectedRows, expectedFromPlan, expectedFromSamples } from "../comparison/expected-rows.ts";
import { pendingUpstream } from "../comparison/pending-upstream.ts";
import { RepeatedIds } from "../comparison/repeated-ids.ts";
import { holdsAny, storedSide } from "../comparison/stored-side.ts";
import { type UpstreamSource, upstreamRelations, upstreamSources } from "../comparison/upstream-source.ts";
import type { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { featureLogs } from "../recall/feature-logs.ts";
import { type Recollection, recall } from "../recall/recall.ts";
import { type ResolvedSources, resolvedSources } from "../recall/resolved-sources.ts";
import { readRecord } from "../recall/sync-record.ts";
import { canBeTouched } from "../recall/touched-grains.ts";
import { assertNoLogLacksIds, type Log, type WatchedLog, watchLogs } from "../recall/watched-log.ts";
import type { StoreContext } from "../store-context.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { type AnyResolveOptions, looksAtAll, targetFilters } from "./resolve-options.ts";

/** What a comparison leaves behind: the grains in a temporary table, and how to read the rows of each set. */
export interface Compared extends SetCounts {
  readonly expected: ExpectedRows;
  /** SQL of the target's current rows, undefined where there is no stored side. */
  readonly stored: string | undefined;
  /** SQL of ids and times of creation, see {@link createdTimes}. */
  readonly created: string | undefined;
  readonly pendingUpstream: readonly PendingUpstream[];
  readonly recollection: Recollection | undefined;
  /** Whether the grains are in a table; else they are in a view, all of them new. */
  readonly isSettled: boolean;
  readonly sources: ResolvedSources;
}

/** Looks at the tables, and compares what is expected with what is stored. Within a transaction. */
export async function compare(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  options: AnyResolveOptions,
  samples: string | undefined,
  parameters: Parameters,
): Promise<Compared> {
  const columns = { feature: feature.key, columns: feature.spec.columns };
  const filters = bindFilters(targetFilters(options, feature.key), columns, parameters);
  const staleIf = bindFilters(options.staleIf, columns, parameters);

  const plan = samples === undefined ? derivedPlan(feature) : undefined;
  const { logs, upstream, target, markers, recollection } = await look(
    store,
    session,
    feature,
    plan,
    options,
  );
  const isCurrent = recollection?.isCurrent === true;
  const touched = recollection?.touched;
  const repeated = isCurrent ? undefined : new RepeatedIds(session);
  const expected =
    plan === undefined
      ? expectedFromSamples(feature, samples ?? "", filters)
      : expectedFromPlan(plan, await upstreamRelations(upstream, { options, parameters, touched, repeated }));
  const isEmpty = touched === undefined && !(await holdsAny(session, feature, { table: target, markers }));
  const stored =
    isEmpty || options.skipComparison === true
      ? undefined
      : await storedSide(
          session,
          feature,
          { table: target, markers },
          { filters, staleIf, touched: touched?.at(-1), repeated },
        );
  const facts = {
    expected,
    stored: stored?.rows,
    created: createdTimes(feature, target, isEmpty ? "none" : stored?.near),
    pendingUpstream: await pendingUpstream(session, upstream, recollection?.pending ?? new Map()),
    recollection,
  };
  if (isCurrent) {
    await session.run(noGrains(feature));
    return { ...facts, ...noCounts, isSettled: true, sources: noSources };
  }
  const sql = comparison(feature, expected, stored?.grains);
  const bindings = parameters.of(sql);
  // A view takes no parameters, and samples are at hand anyway.
  const isSettled = stored !== undefined || plan === undefined || Object.keys(bindings).length > 0;
  await (isSettled ? session.run(sql, bindings) : session.run(newGrains(expected)));
  await assertUnambiguous(session, feature);
  const counts = await countSets(session);
  // Last of all, so that it vouches for what was read before.
  const sources = await resolvedSources(session, logs);
  return {
    ...facts,
    ...counts,
    isSettled,
    sources: {
      expected: sources.filter(({ key }) => key !== feature.key),
      stored: sources.filter(({ table }) => table.name === target?.name),
    },
  };
}

const noSources: ResolvedSources = { expected: [], stored: [] };

interface Looked {
  readonly logs: readonly WatchedLog[];
  readonly upstream: readonly UpstreamSource[];
  readonly target: PhysicalTable | undefined;
  readonly markers: PhysicalTable | undefined;
  readonly recollection: Recollection | undefined;
}

/** A copy is made anew each time, so nothing can be remembered of its rows. */
function isCopy({ shape }: Log): boolean {
  return shape?.isCopy === true;
}

/** Looks at all tables, and recalls what is known of them. */
async function look(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  plan: DerivedPlan | undefined,
  options: AnyResolveOptions,
): Promise<Looked> {
  const found = await featureLogs(session, feature, plan);
  const recorded =
    plan !== undefined && looksAtAll(options) && canBeTouched(feature, plan) && !found.some(isCopy)
      ? await readRecord(session, feature, store.algorithm)
      : undefined;
  const logs = await watchLogs(session, found, recorded?.record?.logs ?? []);
  assertNoLogLacksIds(session, logs);
  const upstream = upstreamSources(plan, logs);
  return {
    logs,
    upstream,
    markers: logs.at(-2)?.table,
    target: logs.at(-1)?.table,
    recollection:
      plan === undefined || recorded === undefined
        ? undefined
        : await recall(session, feature, plan, recorded, upstream, logs),
  };
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
