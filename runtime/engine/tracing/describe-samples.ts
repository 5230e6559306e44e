import type { AnyFeature } from "../../feature.ts";
import type { TracedFeature, TracedSample, TracedState } from "../../tracing.ts";
import { FeatureErrors } from "../failures/error-log.ts";
import { resolveIncrement } from "../increment/resolve-increment.ts";
import type { StoreContext } from "../store-context.ts";
import { compareTuples, declaredPart, filterOf, KeyTuples, keyOf, type Tuple } from "./key-tuples.ts";
import type { Followed } from "./trace-sample.ts";

/** Says what the samples of a feature on the way of a trace are now. */
export async function describeSamples(
  store: StoreContext,
  followed: Followed,
  found: ReadonlyMap<string, Followed>,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal | undefined },
): Promise<TracedFeature> {
  const { feature, direction, rows, isTruncated } = followed;
  const work = await workOf(store, followed, found, signal);
  const failures = await failuresOf(store, feature, work);
  const stored = rows.map((row) => storedSample(feature, row, work, failures));
  const isLive = (row: Tuple) =>
    row["metaxy_feature_version"] === feature.featureVersion && row["metaxy_deleted_at"] === null;
  const present = new Set(rows.filter(isLive).map((row) => keyOf(grainOf(feature, row))));
  const missing = [...work.values()].filter(
    ({ kind, grain }) => kind === "new" && !present.has(keyOf(grain)),
  );
  const expected = missing.map(({ grain }) => missingSample(grain, failures.get(keyOf(grain))));
  const samples = [...stored, ...expected].sort((a, b) => compareTuples(a.id, b.id));
  return {
    feature: feature.key,
    featureVersion: feature.featureVersion,
    direction,
    samples: samples.slice(0, limit),
    isTruncated: isTruncated || samples.length > limit,
  };
}

/** A work item with something to do. */
interface Work {
  readonly kind: "new" | "stale" | "orphaned";
  readonly grain: Tuple;
  readonly provenance: string;
  readonly changedFields: readonly string[];
}

/** The work items of a feature among those of the trace, by their grain. A root has none: its samples are not known. */
async function workOf(
  store: StoreContext,
  { feature, keys, rows }: Followed,
  found: ReadonlyMap<string, Followed>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Work>> {
  const work = new Map<string, Work>();
  const { plan } = feature;
  if (plan.kind === "root") return work;
  const joined = new KeyTuples();
  const columns = [...new Set(Object.values(plan.upstream).flatMap(({ on }) => Object.keys(on)))];
  const names = columns.map((column) => [column, column] as const);
  for (const row of [...rows, ...keys]) joined.add(row, names);
  for (const [key, { on }] of Object.entries(plan.upstream))
    for (const row of found.get(key)?.rows ?? [])
      joined.add(
        row,
        Object.entries(on).map(([column, own]) => [own, column] as const),
      );
  const tuples = joined.all;
  if (tuples.length === 0) return work;
  const filters = Object.fromEntries(
    Object.entries(plan.upstream).map(([key, { on }]) => [
      key,
      filterOf(tuples.map((tuple) => renamed(tuple, on))),
    ]),
  );
  const own = tuples.map((tuple) => declaredPart(feature, tuple));
  await using increment = await resolveIncrement(store, feature, {
    filters,
    ...(Object.keys(own[0] ?? {}).length === 0 ? {} : { targetFilters: filterOf(own) }),
    lenient: true,
    ...(signal === undefined ? {} : { signal }),
  });
  for (const kind of ["new", "stale", "orphaned"] as const) {
    for await (const row of increment[kind] as AsyncIterable<unknown>) {
      const values = row as Tuple;
      const grain = grainOf(feature, values);
      work.set(keyOf(grain), {
        kind,
        grain,
        provenance: String(values["metaxy_provenance"]),
        changedFields: kind === "stale" ? (values["metaxy_changed_fields"] as readonly string[]) : [],
      });
    }
  }
  return work;
}

/** The errors of work items that failed with the inputs that they have now, by their grain. */
async function failuresOf(
  store: StoreContext,
  feature: AnyFeature,
  work: ReadonlyMap<string, Work>,
): Promise<ReadonlyMap<string, NonNullable<TracedSample["error"]>>> {
  const failures = new Map<string, NonNullable<TracedSample["error"]>>();
  if (work.size === 0) return failures;
  for await (const { id, provenance, type, message, at } of new FeatureErrors(store, feature, {})) {
    const key = keyOf(id as Tuple);
    if (work.get(key)?.provenance === provenance) failures.set(key, { type, message, at });
  }
  return failures;
}

function storedSample(
  feature: AnyFeature,
  row: Tuple,
  work: ReadonlyMap<string, Work>,
  failures: ReadonlyMap<string, NonNullable<TracedSample["error"]>>,
): TracedSample {
  const key = keyOf(grainOf(feature, row));
  const item = work.get(key);
  const isCurrent = row["metaxy_feature_version"] === feature.featureVersion;
  const isDeleted = row["metaxy_deleted_at"] !== null;
  const error = item?.kind === "stale" ? (failures.get(key) ?? null) : null;
  const state = (): TracedState => {
    if (isDeleted) return "deleted";
    if (!isCurrent) return "older-version";
    if (error !== null) return "failed";
    return item === undefined || item.kind === "new" ? "present" : item.kind;
  };
  const text = (column: string) => (row[column] ?? null) as string | null;
  const isStale = isCurrent && !isDeleted && item?.kind === "stale";
  return {
    id: Object.fromEntries(feature.spec.idColumns.map((column) => [column, row[column]])),
    state: state(),
    changedFields: isStale ? item.changedFields : [],
    error: isStale ? error : null,
    featureVersion: text("metaxy_feature_version"),
    projectVersion: text("metaxy_project_version"),
    provenance: text("metaxy_provenance"),
    dataVersion: text("metaxy_data_version"),
    materializationId: text("metaxy_materialization_id"),
    createdAt: text("metaxy_created_at"),
    updatedAt: text("metaxy_updated_at"),
    deletedAt: text("metaxy_deleted_at"),
  };
}

function missingSample(id: Tuple, error: TracedSample["error"] | undefined): TracedSample {
  return {
    id,
    state: error === undefined ? "missing" : "failed",
    changedFields: [],
    error: error ?? null,
    featureVersion: null,
    projectVersion: null,
    provenance: null,
    dataVersion: null,
    materializationId: null,
    createdAt: null,
    updatedAt: null,
    deletedAt: null,
  };
}

function grainOf({ plan }: AnyFeature, row: Tuple): Tuple {
  return Object.fromEntries(plan.grain.map((column) => [column, row[column]]));
}

/** A tuple in the names of another feature. */
function renamed(tuple: Tuple, names: Readonly<Record<string, string>>): Tuple {
  return Object.fromEntries(
    Object.entries(tuple).flatMap(([column, value]) => {
      const name = names[column];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
}
