import type { Manifest, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { columnsOf } from "../resolve/lineage-rules.ts";
import { arrivingNames, featureFacts } from "./model/feature-facts.ts";
import { filteredColumns } from "./model/filters.ts";

/**
 * For each feature, the upstream features that run and must make the same rows again for its rows to stay up to date:
 * their work items may have several rows, or one of their columns decides here which rows count or join.
 *
 * `order` lists the features, upstream first; `recomputing` those that run and have rows already.
 */
export function findAssumptions(
  manifest: Manifest,
  order: readonly string[],
  recomputing: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const assumptions = new Map<string, readonly string[]>();
  if (recomputing.size === 0) return assumptions;
  for (const key of order) {
    const feature = manifest.features[key];
    const assumed = new Set(
      (feature?.deps ?? []).flatMap((dep) => {
        const upstream = manifest.features[dep.feature];
        const inherited = assumptions.get(dep.feature) ?? [];
        if (feature === undefined || upstream === undefined || !recomputing.has(dep.feature))
          return inherited;
        const isAssumed =
          mayHaveSeveralRows(upstream, manifest) || dependsOnNonIdColumns(feature, dep, upstream, manifest);
        return isAssumed ? [...inherited, dep.feature] : inherited;
      }),
    );
    if (assumed.size > 0)
      assumptions.set(
        key,
        order.filter((name) => assumed.has(name)),
      );
  }
  return assumptions;
}

/** Whether a work item may have several rows. */
function mayHaveSeveralRows(feature: ManifestFeature, manifest: Manifest): boolean {
  const grain = new Set(featureFacts(feature, manifest).grain);
  return grain.size !== feature.idColumns.length || !feature.idColumns.every((column) => grain.has(column));
}

/** Whether a column of the upstream other than its ids decides which of its rows count, or what they join. */
function dependsOnNonIdColumns(
  feature: ManifestFeature,
  dep: ManifestDep,
  upstream: ManifestFeature,
  manifest: Manifest,
): boolean {
  const names = arrivingNames(dep, upstream);
  const { grain, joinColumns } = featureFacts(feature, manifest);
  const decidingColumns = [
    ...filteredColumns(dep.where ?? []),
    ...grain,
    ...joinColumns,
    ...columnsOf(dep.lineage),
  ];
  return decidingColumns.some((name) => {
    const own = names.get(name);
    return own !== undefined && !upstream.idColumns.includes(own);
  });
}
