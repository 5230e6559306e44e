import type { FeatureDiff, FeatureStatus } from "../diff/model/version-diff.ts";

/** The features that changed: edited ones before those that follow, near ones before far ones. */
export function mostDirectFirst(features: readonly FeatureDiff[]): FeatureDiff[] {
  const ranked = features.flatMap((feature) => {
    const rank = order.indexOf(feature.status);
    return rank === -1 ? [] : [{ feature, rank, steps: stepsToEdit(feature) }];
  });
  // The sort is stable: features of one rank stay in the order of their keys.
  return ranked.sort((a, b) => a.rank - b.rank || a.steps - b.steps).map(({ feature }) => feature);
}

const order: readonly FeatureStatus[] = ["direct", "indirect", "added", "removed", "metadataOnly"];

function stepsToEdit({ status, fields }: FeatureDiff): number {
  if (status !== "indirect") return 0;
  const lengths = fields.flatMap(({ causes }) => causes.map(({ path }) => path.length));
  return lengths.reduce((least, length) => Math.min(least, length), Number.MAX_SAFE_INTEGER);
}
