import type { FeatureDiff, VersionDiff } from "../../diff/model/version-diff.ts";

/** The untouched features directly above and below those that changed by more than their words. */
export function neighbours({ features }: VersionDiff): FeatureDiff[] {
  const changed = features.filter(({ status }) => status !== "unchanged" && status !== "metadataOnly");
  const keys = new Set(changed.map(({ key }) => key));
  const upstream = new Set(changed.flatMap(upstreamOf));
  return features.filter(
    (feature) =>
      feature.status === "unchanged" &&
      (upstream.has(feature.key) || upstreamOf(feature).some((key) => keys.has(key))),
  );
}

/** Keys of the features directly above in either state. */
export function upstreamOf({ before, after }: FeatureDiff): string[] {
  return [...new Set([...(after?.upstream ?? []), ...(before?.upstream ?? [])])];
}
