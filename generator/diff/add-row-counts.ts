import type { RowCounts, VersionDiff } from "./version-diff.ts";

/** What a store told of the rows of features, by key. A feature in neither was not asked for. */
export interface StoreAnswer {
  readonly rows: ReadonlyMap<string, RowCounts>;
  /** Why the rows of a feature can't be counted. */
  readonly refused?: ReadonlyMap<string, { readonly message: string }>;
}

/** The diff with what a store told of the rows of its features. */
export function addRowCounts(diff: VersionDiff, { rows, refused }: StoreAnswer): VersionDiff {
  return {
    ...diff,
    features: diff.features.map((feature) => {
      const counts = rows.get(feature.key);
      if (counts !== undefined) return { ...feature, rows: counts };
      const refusal = refused?.get(feature.key);
      return refusal === undefined ? feature : { ...feature, uncounted: refusal.message };
    }),
  };
}
