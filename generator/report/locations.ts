import type { Location } from "../diagnostics/location.ts";
import type { Cause, Change, VersionDiff } from "../diff/index.ts";

/** Returns the address of a location in a spec, for links. */
export type LocationLink = (location: Location) => string;

/** The same diff with other paths in its locations: relative to the folder from which they are opened. */
export function mapLocations(diff: VersionDiff, path: (file: string) => string): VersionDiff {
  const map = <Located extends Change | Cause>(located: Located): Located =>
    located.at === undefined ? located : { ...located, at: { ...located.at, file: path(located.at.file) } };
  return {
    ...diff,
    causes: diff.causes.map(map),
    features: diff.features.map((feature) => ({
      ...feature,
      fields: feature.fields.map((field) => ({ ...field, causes: field.causes.map(map) })),
      changes: feature.changes.map(map),
    })),
  };
}
