import type { Cause, Change, Location, VersionDiff } from "./version-diff.ts";

/** The same diff with the paths of its places changed, for whoever opens them from another folder. */
export function mapLocations(diff: VersionDiff, path: (file: string) => string): VersionDiff {
  const move = <Located extends Change | Cause>(located: Located): Located =>
    located.at === undefined
      ? located
      : { ...located, at: { ...located.at, file: path(located.at.file) } satisfies Location };
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
