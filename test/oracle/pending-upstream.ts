import { currentRows } from "./current-rows.ts";
import type { Definitions, FeatureDefinition } from "./definitions.ts";
import { groupBy, keyOf, type Row } from "./row.ts";

/** An upstream with samples that are stored only under other feature versions, and how many they are. */
export interface PendingUpstream {
  readonly feature: string;
  readonly samples: number;
  readonly reason: "older-version";
}

/** The direct upstreams that have to run first. */
export function pendingUpstream(
  feature: FeatureDefinition,
  definitions: Definitions,
  tables: Readonly<Record<string, readonly Row[]>>,
): PendingUpstream[] {
  return feature.deps
    .flatMap((dep) => definitions.get(dep.feature) ?? [])
    .map((upstream) => ({
      feature: upstream.key,
      samples: storedOnlyUnderOthers(upstream, tables[upstream.key] ?? []),
      reason: "older-version" as const,
    }))
    .filter(({ samples }) => samples > 0);
}

function storedOnlyUnderOthers(upstream: FeatureDefinition, table: readonly Row[]): number {
  const perSample = groupBy(table, (row) => keyOf(row, upstream.idColumns));
  return [...perSample.values()].filter((rows) => {
    const versions = new Set(rows.map((row) => row["metaxy_feature_version"]));
    const isLiveUnder = (featureVersion: unknown) =>
      currentRows({ ...upstream, featureVersion: String(featureVersion) }, rows).length > 0;
    return !versions.has(upstream.featureVersion) && [...versions].some(isLiveUnder);
  }).length;
}
