import type { DerivedPlan, Feature, FeatureTypes } from "../../contract.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment, PendingUpstream } from "../../increment.ts";
import { comparison } from "../comparison/comparison.ts";
import { assertUnambiguous, countSets, type SetCounts } from "../comparison/count-sets.ts";
import { type ExpectedRows, expectedFromPlan, expectedFromSamples } from "../comparison/expected-rows.ts";
import { pendingUpstream } from "../comparison/pending-upstream.ts";
import { inspectStored } from "../comparison/stored-side.ts";
import { inspectUpstream, upstreamRows } from "../comparison/upstream-source.ts";
import { recordHash } from "../connection/hash-record.ts";
import { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { stageSamples } from "../incoming/stage-samples.ts";
import { type Recollection, recall } from "../recall/recall.ts";
import { SyncProgress } from "../recall/sync-progress.ts";
import { joinColumns, touchedTable } from "../recall/touched-grains.ts";
import type { StoreContext } from "../store-context.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import { featureTable } from "../tables/feature-tables.ts";
import type { Touched } from "../tables/relation.ts";
import { DuckIncrement } from "./duck-increment.ts";
import { type AnyResolveOptions, assertOptions, looksAtAll, targetFilters } from "./resolve-options.ts";

/**
 * Resolves an increment: stages samples, then looks at tables and compares in one transaction, so that what is
 * compared is one state of the database.
 */
export async function resolveIncrement<F extends Feature<FeatureTypes>>(
  store: StoreContext,
  feature: F,
  options: AnyResolveOptions,
): Promise<Increment<F>> {
  assertOptions(feature, options);
  const session = await store.connect(feature);
  try {
    const parameters = new Parameters();
    const samples =
      options.samples === undefined ? undefined : await stageSamples(session, feature, options.samples);
    const resolved = await session.exclusive(
      () => session.transaction(() => compare(store, session, feature, options, samples, parameters)),
      options.signal,
    );
    const progress = await followProgress(store, session, feature, resolved);
    return new DuckIncrement<F>({ store, session, feature, parameters, progress, ...resolved });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Follows what gets answered. Where nothing is to be answered, that is recorded at once. */
async function followProgress(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  { recollection, counts, pendingUpstream: pending }: Resolved,
): Promise<SyncProgress | undefined> {
  if (recollection === undefined || store.readOnly) return undefined;
  const progress = new SyncProgress(feature, recollection, counts, pending);
  if (!recollection.isCurrent && counts.new + counts.stale + counts.orphaned === 0) {
    await store.writing(session, async () => {
      await recordHash(session, store.algorithm);
      await progress.recordSync(session);
    });
  }
  return progress;
}

/** What a comparison leaves behind: the grains in a temporary table, and how to read the rows of each set. */
interface Resolved extends SetCounts {
  readonly expected: ExpectedRows;
  /** SQL of the target's current rows, undefined where there is no stored side. */
  readonly stored: string | undefined;
  readonly pendingUpstream: readonly PendingUpstream[];
  readonly recollection: Recollection | undefined;
}

async function compare(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  options: AnyResolveOptions,
  samples: string | undefined,
  parameters: Parameters,
): Promise<Resolved> {
  const columns = { feature: feature.key, columns: feature.spec.columns };
  const filters = bindFilters(targetFilters(options, feature.key), columns, parameters);
  const staleIf = bindFilters(options.staleIf, columns, parameters);

  const upstream = samples === undefined ? await inspectUpstream(session, feature, derivedPlan(feature)) : [];
  const target = await featureTable(session, feature);
  const recollection = looksAtAll(options)
    ? await recall(session, feature, derivedPlan(feature), store.algorithm, upstream, target)
    : undefined;
  const touched = recollection?.partial === true ? touchedTable : undefined;

  const relations = upstream.map(
    (source) => [source.facts.table, upstreamRows(source, options, parameters, touched)] as const,
  );
  const expected =
    samples === undefined
      ? expectedFromPlan(derivedPlan(feature), new Map(relations))
      : expectedFromSamples(feature, samples, filters);
  const stored =
    options.skipComparison === true
      ? undefined
      : await inspectStored(session, feature, target, filters, staleIf, touchedGrains(feature, touched));

  const sql = comparison(feature, expected, stored?.grains);
  await session.run(sql, parameters.of(sql));
  await assertUnambiguous(session, feature);
  return {
    expected,
    stored: stored?.rows,
    ...(await countSets(session)),
    pendingUpstream: await pendingUpstream(session, upstream, recollection?.pending ?? new Map()),
    recollection,
  };
}

function touchedGrains(feature: AnyFeature, table: string | undefined): Touched | undefined {
  if (table === undefined) return undefined;
  const join = joinColumns(derivedPlan(feature));
  return { table, on: Object.fromEntries(join.map((column) => [column, column])) };
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
