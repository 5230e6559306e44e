import type { ManifestDep } from "../manifest/manifest.ts";
import { arrivingNames } from "./model/feature-facts.ts";
import { filteredColumns } from "./model/filters.ts";
import type { FeaturePair, ProjectPair } from "./model/project-pair.ts";
import type { BlockedBy } from "./model/version-diff.ts";

/**
 * What blocks a feature that keeps its version: upstream rows are stored under older versions, or lack a column that its
 * filter reads, so they do not count until they are recomputed. `order` lists the features, upstream first.
 */
export function findBlockers(
  { before, after }: FeaturePair,
  project: ProjectPair,
  order: readonly string[],
): BlockedBy | undefined {
  if (before === undefined || after === undefined || before.featureVersion !== after.featureVersion) {
    return undefined;
  }
  const blocking = after.deps.filter((dep) => {
    const upstream = project.features.get(dep.feature);
    return hasMoved(upstream) || filtersMissingColumn(dep, upstream, project);
  });
  if (blocking.length === 0) return undefined;

  const blockers = new Set(blocking.map(({ feature }) => feature));
  // Iterating a set also visits what is added meanwhile.
  for (const key of blockers) {
    for (const { feature } of project.features.get(key)?.after?.deps ?? []) {
      if (hasMoved(project.features.get(feature))) blockers.add(feature);
    }
  }
  // Without a row of an optional upstream a sample is still expected, with null values.
  const isStillExpected =
    blocking.length < after.deps.length && blocking.every(({ optional }) => optional === true);
  return {
    features: order.filter((key) => blockers.has(key)),
    appearsAs: isStillExpected ? "stale" : "orphaned",
  };
}

/** Whether a filter reads a column that stored rows of the upstream lack: then none of them passes. */
function filtersMissingColumn(
  dep: ManifestDep,
  upstream: FeaturePair | undefined,
  { renames }: ProjectPair,
): boolean {
  if (upstream?.before === undefined || upstream.after === undefined || dep.where === undefined) return false;
  const { before, after } = upstream;
  const names = arrivingNames(dep, after);
  return filteredColumns(dep.where).some((column) => {
    const own = names.get(column);
    if (own === undefined) return false;
    const renamed = renames.columns.get(dep.feature)?.get(own);
    if (renamed !== undefined) return !renamed.isDeclared;
    return !Object.hasOwn(before.columns, own);
  });
}

function hasMoved(feature: FeaturePair | undefined): boolean {
  return feature?.before?.featureVersion !== feature?.after?.featureVersion;
}
