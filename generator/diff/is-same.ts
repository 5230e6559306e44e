import canonicalize from "canonicalize";

/** Whether two parts of a manifest are the same, whatever the order of their properties. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonicalize(a) === canonicalize(b);
}
