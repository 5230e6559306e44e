import type { FeaturePair, ProjectPair } from "./project-pair.ts";
import type { Waits } from "./version-diff.ts";

/**
 * What a feature waits for that keeps its version: upstream rows are stored under older versions, and so do not show
 * until they are computed again. `order` has the features that move, upstream first.
 */
export function findWaits(
  { before, after }: FeaturePair,
  project: ProjectPair,
  order: readonly string[],
): Waits | undefined {
  if (before === undefined || after === undefined || before.featureVersion !== after.featureVersion) {
    return undefined;
  }
  const hidden = after.deps.filter(({ feature }) => hasMoved(project.features.get(feature)));
  if (hidden.length === 0) return undefined;

  const awaited = new Set(hidden.map(({ feature }) => feature));
  // A set goes on to what is added while it is walked.
  for (const key of awaited) {
    for (const { feature } of project.features.get(key)?.after?.deps ?? []) {
      if (hasMoved(project.features.get(feature))) awaited.add(feature);
    }
  }
  // Without a row of an optional upstream a sample is still expected, with nothing where its values would be.
  const isStillExpected =
    hidden.length < after.deps.length && hidden.every(({ optional }) => optional === true);
  return { for: order.filter((key) => awaited.has(key)), showAs: isStillExpected ? "stale" : "orphaned" };
}

function hasMoved(feature: FeaturePair | undefined): boolean {
  return feature?.before?.featureVersion !== feature?.after?.featureVersion;
}
