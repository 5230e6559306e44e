import type { VersionDiff } from "../version-diff.ts";

/** Says what a diff compares with; nothing where that was not named. */
export function describeBase({ before }: VersionDiff): string[] {
  if (before?.ref === undefined) return [];
  const { ref, mergeBase } = before;
  return [`against ${ref}${mergeBase === undefined ? "" : ` (merge base ${mergeBase})`}`];
}
