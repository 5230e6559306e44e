import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Trace, TracedFeature, TraceOptions } from "../../tracing.ts";
import { assertKnownOptions } from "../known-options.ts";
import { readRows } from "../reading/read-rows.ts";
import type { StoreContext } from "../store-context.ts";
import { sampleId } from "../tables/sample-id.ts";
import { describeSamples } from "./describe-samples.ts";
import { declaredPart, filterOf, KeyTuples, type Tuple } from "./key-tuples.ts";

/** What a trace needs of a store. */
export interface TracingStore extends StoreContext {
  readonly features: readonly AnyFeature[] | undefined;
}

/** A feature on the way of a trace. */
export interface Followed {
  readonly feature: AnyFeature;
  readonly direction: TracedFeature["direction"];
  /** Values by which its samples are found. */
  readonly keys: readonly Tuple[];
  /** Stored rows of these, under any version, deletion marks included. */
  readonly rows: readonly Tuple[];
  readonly isTruncated: boolean;
}

/** Follows a sample through the graph: up to what it was made from, and down to what is made from it. */
export async function traceSample(
  store: TracingStore,
  feature: AnyFeature,
  id: Tuple,
  options: TraceOptions,
): Promise<Trace> {
  assertKnownOptions("trace", options, ["limit", "signal"]);
  const { limit = 100, signal } = options;
  if (!Number.isInteger(limit) || limit < 1)
    throw new InputError("wrong-type", `trace takes a limit of at least 1, not ${limit}.`, { limit });
  const features = projectOf(store, feature);
  const own = sampleId(feature, id, "The id");
  const follow = async (followed: AnyFeature, direction: Followed["direction"], keys: readonly Tuple[]) => {
    if (signal?.aborted === true)
      throw new InputError("cancelled", "The trace was cancelled.", {}, signal.reason);
    return readFollowed(store, followed, direction, keys, limit);
  };
  const origin = await follow(feature, "origin", [own]);
  const found = new Map([[feature.key, origin]]);
  const sources = new Set([feature.key]);
  for (const upstream of [...features].reverse()) {
    const keys = keysOfUpstream(upstream, sources, found);
    if (keys === undefined || found.has(upstream.key)) continue;
    found.set(upstream.key, await follow(upstream, "upstream", keys));
    sources.add(upstream.key);
  }
  const made = new Set([feature.key]);
  for (const downstream of features) {
    const keys = keysOfDownstream(downstream, made, found);
    if (keys === undefined || found.has(downstream.key)) continue;
    found.set(downstream.key, await follow(downstream, "downstream", keys));
    made.add(downstream.key);
  }
  const described: TracedFeature[] = [];
  for (const { key } of features) {
    const followed = found.get(key);
    if (followed !== undefined)
      described.push(await describeSamples(store, followed, found, { limit, signal }));
  }
  return { feature: feature.key, id: own, features: described };
}

/** The features of the project that the store was opened with; refuses a store that knows none, and a feature of another. */
function projectOf(store: TracingStore, feature: AnyFeature): readonly AnyFeature[] {
  if (store.features === undefined) {
    throw new InputError(
      "project-required",
      `${store.database} was opened without its project, so it is not known what is upstream and downstream of ${feature.key}. Pass the project that generated/index.ts exports: openStore(path, { project }).`,
      { feature: feature.key },
    );
  }
  const known = store.features.find(({ key }) => key === feature.key);
  if (known?.featureVersion === feature.featureVersion) return store.features;
  throw new InputError(
    "unknown-feature",
    known === undefined
      ? `${feature.key} is not a feature of the project that ${store.database} was opened with.`
      : `${feature.key} has another version in the project that ${store.database} was opened with. Import both from the same generated modules.`,
    { feature: feature.key },
  );
}

/** By which values the samples of an upstream are found, from those that were made from it. */
function keysOfUpstream(
  upstream: AnyFeature,
  sources: ReadonlySet<string>,
  found: ReadonlyMap<string, Followed>,
): readonly Tuple[] | undefined {
  const keys = new KeyTuples();
  let isUpstream = false;
  for (const key of sources) {
    const followed = found.get(key);
    if (followed === undefined || followed.feature.plan.kind === "root") continue;
    const facts = followed.feature.plan.upstream[upstream.key];
    if (facts === undefined) continue;
    isUpstream = true;
    // A sample that is not stored is known by its keys alone.
    for (const row of followed.rows.length > 0 ? followed.rows : followed.keys)
      keys.add(row, Object.entries(facts.on));
  }
  return isUpstream ? keys.all : undefined;
}

/** By which values the samples of a feature are found, from those that they are made from. */
function keysOfDownstream(
  { plan }: AnyFeature,
  made: ReadonlySet<string>,
  found: ReadonlyMap<string, Followed>,
): readonly Tuple[] | undefined {
  if (plan.kind === "root") return undefined;
  const joins = Object.entries(plan.upstream).filter(([key]) => made.has(key));
  if (joins.length === 0) return undefined;
  const keys = new KeyTuples();
  for (const [key, { on }] of joins) {
    const followed = found.get(key);
    const names = Object.entries(on).map(([column, own]) => [own, column] as const);
    const rows = followed?.rows ?? [];
    for (const row of rows.length > 0 ? rows : (followed?.keys ?? [])) keys.add(row, names);
  }
  return keys.all;
}

async function readFollowed(
  store: StoreContext,
  feature: AnyFeature,
  direction: Followed["direction"],
  keys: readonly Tuple[],
  limit: number,
): Promise<Followed> {
  const tuples = keys.slice(0, limit).map((tuple) => declaredPart(feature, tuple));
  const isKnown = tuples.some((tuple) => Object.keys(tuple).length > 0);
  const rows: Tuple[] = [];
  if (isKnown) {
    const options = { filters: filterOf(tuples), allVersions: true, deleted: true, lenient: true };
    for await (const row of readRows(store, feature, options)) {
      rows.push(row);
      if (rows.length > limit) break;
    }
  }
  const isTruncated = keys.length > limit || rows.length > limit;
  return { feature, direction, keys: keys.slice(0, limit), rows: rows.slice(0, limit), isTruncated };
}
