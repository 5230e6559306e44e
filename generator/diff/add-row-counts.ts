import type { RowCounts, VersionDiff } from "./version-diff.ts";

/** The diff with what a store told of the rows of its features. One without an entry was not counted. */
export function addRowCounts(diff: VersionDiff, rows: ReadonlyMap<string, RowCounts>): VersionDiff {
  return {
    ...diff,
    features: diff.features.map((feature) => {
      const counts = rows.get(feature.key);
      return counts === undefined ? feature : { ...feature, rows: counts };
    }),
  };
}
