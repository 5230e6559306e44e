import type { Manifest } from "../manifest/manifest.ts";
import type { FeaturePair } from "./project-pair.ts";
import type { Revert } from "./version-diff.ts";

/** A state of the project at an earlier time. */
export interface PastState {
  /** A commit or a tag. */
  readonly ref: string;
  readonly manifest: Manifest;
  /** It came after the base: on the way from there to now. */
  readonly isSinceBase?: boolean;
}

/**
 * The latest past state in which a feature had the version that it comes back to. `history`: latest first.
 *
 * The latest states since the base that have the version of now are the edit itself, committed: no return to them.
 */
export function findRevert(
  { key, before, after }: FeaturePair,
  history: readonly PastState[],
): Revert | undefined {
  if (after === undefined || before?.featureVersion === after.featureVersion) return undefined;
  const hasIt = ({ manifest }: PastState): boolean =>
    manifest.features[key]?.featureVersion === after.featureVersion;
  const edited = history.findIndex((state) => !(state.isSinceBase && hasIt(state)));
  const past = history.find((state, index) => edited >= 0 && index >= edited && hasIt(state));
  return past === undefined ? undefined : { ref: past.ref };
}
