import type { Cause, Change, Place, VersionDiff } from "./version-diff.ts";

/** The same diff with the paths of its places changed, for whoever opens them from another folder. */
export function mapPlaces(diff: VersionDiff, path: (file: string) => string): VersionDiff {
  const move = <Told extends Change | Cause>(told: Told): Told =>
    told.at === undefined ? told : { ...told, at: { ...told.at, file: path(told.at.file) } satisfies Place };
  return {
    ...diff,
    causes: diff.causes.map(move),
    features: diff.features.map((feature) => ({
      ...feature,
      fields: feature.fields.map((field) => ({ ...field, causes: field.causes.map(move) })),
      changes: feature.changes.map(move),
    })),
  };
}
