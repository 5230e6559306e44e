import type { ManifestDep } from "../manifest/manifest.ts";
import { filteredColumns } from "./changes/normalize-filter.ts";
import { arrivingNames } from "./model/feature-facts.ts";
import type { FeaturePair, ProjectPair } from "./model/project-pair.ts";
import type { BlockedBy } from "./model/version-diff.ts";

/**
 * What a feature waits for that keeps its version: upstream rows are stored under older versions, or lack a column that
 * its filter reads, and so do not show until they are computed again. `order` has the features that move, upstream first.
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
  // A set goes on to what is added while it is walked.
  for (const key of blockers) {
    for (const { feature } of project.features.get(key)?.after?.deps ?? []) {
      if (hasMoved(project.features.get(feature))) blockers.add(feature);
    }
  }
  // Without a row of an optional upstream a sample is still expected, with nothing where its values would be.
  const isStillExpected =
    blocking.length < after.deps.length && blocking.every(({ optional }) => optional === true);
  return {
    features: order.filter((key) => blockers.has(key)),
    appearsAs: isStillExpected ? "stale" : "orphaned",
  };
}

/** Whether a filter reads a column that stored rows of the upstream lack: it lets none of them pass. */
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
