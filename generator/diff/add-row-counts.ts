import { upstreamFirst } from "./model/upstream-first.ts";
import type { FeatureDiff, RowCounts, TableForecast, VersionDiff } from "./model/version-diff.ts";

/** What a store told of the rows of features, by key. A feature in neither was not asked for. */
export interface StoreCounts {
  readonly rows: ReadonlyMap<string, RowCounts>;
  /** What tables need; those that need nothing are not there. */
  readonly tables?: ReadonlyMap<string, TableForecast>;
  /** Why the rows of a feature can't be counted. */
  readonly refused?: ReadonlyMap<string, { readonly message: string }>;
}

/** The diff with what a store told of the rows of its features. */
export function addRowCounts(diff: VersionDiff, { rows, tables, refused }: StoreCounts): VersionDiff {
  const features = diff.features.map((feature) => {
    const table = tables?.get(feature.key);
    const counts = rows.get(feature.key);
    const refusal = refused?.get(feature.key);
    return {
      ...feature,
      ...(counts === undefined ? {} : { rows: counts }),
      ...(table === undefined ? {} : { table }),
      ...(counts !== undefined || refusal === undefined ? {} : { rowsUnavailable: refusal.message }),
    };
  });
  const ordered = upstreamFirst(
    new Map(
      features.flatMap((feature) =>
        feature.after === undefined
          ? []
          : [[feature.key, { feature, upstream: feature.after.upstream }] as const],
      ),
    ),
  );
  const present = [...ordered.values()].map(({ feature }) => feature);
  const run = new Set<string>();
  for (const feature of present)
    if (hasWork(feature) || receivesUncountedRows(feature, run)) run.add(feature.key);
  const mayRun = present.filter((feature) => !run.has(feature.key) && mayHaveWork(feature));
  return { ...diff, runOrder: [...run], mayRun: mayRun.map(({ key }) => key), features };
}

/** Whether a feature has something to run. Of one that was not counted, only the diff tells. */
function hasWork({ rows, table, recompute, after }: FeatureDiff): boolean {
  if (table?.steps.some((step) => step.kind === "blocked" && step.rowsToWriteAgain > 0)) return true;
  if (rows === undefined) return recompute === "some" || recompute === "all";
  // Nobody but its own run can tell the samples of a root.
  if (rows.incomplete === true && after?.upstream.length === 0) return true;
  const lacksRequired = rows.misfits?.some(({ rule }) => rule === "required") === true;
  return rows.new + rows.stale > 0 || lacksRequired;
}

/** Whether a run above makes rows that nobody could count, and so work here. */
function receivesUncountedRows({ rows, after }: FeatureDiff, running: ReadonlySet<string>): boolean {
  return rows?.incomplete === true && after?.upstream.some((key) => running.has(key)) === true;
}

function mayHaveWork({ rows }: FeatureDiff): boolean {
  return rows?.incomplete === true || rows?.assumes !== undefined;
}
