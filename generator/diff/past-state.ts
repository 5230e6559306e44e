import type { Manifest } from "../manifest/manifest.ts";
import type { FeaturePair } from "./project-pair.ts";
import type { Revert } from "./version-diff.ts";

/** A state of the project at an earlier time. */
export interface PastState {
  /** A commit or a tag. */
  readonly ref: string;
  readonly manifest: Manifest;
}

/** The latest past state in which a feature had the version that it comes back to. `history`: latest first. */
export function findRevert(
  { key, before, after }: FeaturePair,
  history: readonly PastState[],
): Revert | undefined {
  if (after === undefined || before?.featureVersion === after.featureVersion) return undefined;
  const past = history.find(
    ({ manifest }) => manifest.features[key]?.featureVersion === after.featureVersion,
  );
  return past === undefined ? undefined : { ref: past.ref };
}
