import canonicalize from "canonicalize";

/** Whether two parts of a manifest are the same, whatever the order of their properties. */
export function isSame(a: unknown, b: unknown): boolean {
  // Mostly both were printed alike, and that is found out ten times faster.
  return JSON.stringify(a) === JSON.stringify(b) || canonicalize(a) === canonicalize(b);
}
