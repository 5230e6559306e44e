import canonicalize from "canonicalize";
import type { Manifest } from "../manifest/manifest.ts";

/** Whether two states are the same to the letter, so that a diff of them tells of nothing. */
export function isSameState(a: Manifest | undefined, b: Manifest): boolean {
  return a?.projectVersion === b.projectVersion && JSON.stringify(a) === JSON.stringify(b);
}

/** Whether two parts of a manifest are the same, whatever the order of their properties. */
export function isSame(a: unknown, b: unknown): boolean {
  // Mostly both were printed alike, and that is found out ten times faster.
  return JSON.stringify(a) === JSON.stringify(b) || canonicalize(a) === canonicalize(b);
}
