import type { FeatureDiff, FeatureStatus, VersionDiff } from "../diff/model/version-diff.ts";

/**
 * What happened to a feature, as it is shown. `projectWide`: no edit of a feature moved it, only a setting of the
 * project; `unexplained`: nothing that its versions are made of did.
 */
export type DisplayStatus = FeatureStatus | "projectWide" | "unexplained";

/** Tells what follows an edit upstream from what moved without one. */
export function displayStatus(feature: FeatureDiff, { causes }: Pick<VersionDiff, "causes">): DisplayStatus {
  const { status, fields, changes } = feature;
  const hasOwnCause =
    changes.some(({ rule }) => rule !== "definition") || fields.some((field) => field.causes.length > 0);
  if (status !== "indirect" || hasOwnCause) return status;
  const rules = new Set(causes.map(({ rule }) => rule));
  if (rules.has("hash-length")) return "projectWide";
  return rules.has("version-formula") ? "unexplained" : status;
}
