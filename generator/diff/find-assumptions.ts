import type { Manifest, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { filteredColumns } from "./changes/normalize-filter.ts";
import { arrivingNames, featureFacts } from "./model/feature-facts.ts";

/**
 * Feature → the features above that run, and that must make the same rows again for its rows to stay as they are: a unit
 * of work of theirs may have several rows, or a column of theirs decides here which rows count or meet.
 *
 * `order` has the features, upstream first; `remaking` those that run and have rows already.
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

/** Whether a unit of work may have several rows. */
function mayHaveSeveralRows(feature: ManifestFeature, manifest: Manifest): boolean {
  const grain = new Set(featureFacts(feature, manifest).grain);
  return grain.size !== feature.idColumns.length || !feature.idColumns.every((column) => grain.has(column));
}

/** Whether a column of the upstream beside its ids decides which of its rows count, or with what they meet. */
function dependsOnNonIdColumns(
  feature: ManifestFeature,
  dep: ManifestDep,
  upstream: ManifestFeature,
  manifest: Manifest,
): boolean {
  const names = arrivingNames(dep, upstream);
  const { grain, joinColumns } = featureFacts(feature, manifest);
  const groups = "on" in dep.lineage ? dep.lineage.on : [];
  const decidingColumns = [...filteredColumns(dep.where ?? []), ...grain, ...joinColumns, ...groups];
  return decidingColumns.some((name) => {
    const own = names.get(name);
    return own !== undefined && !upstream.idColumns.includes(own);
  });
}
