import type { RowCounts } from "../version-diff.ts";

/** Says in one line how many units of work are what. */
export function describeRows({ new: added, stale, orphaned, untouched, upperBound }: RowCounts): string {
  const most = upperBound === true ? "at most " : "";
  return `rows: ${most}${added} new, ${most}${stale} stale, ${orphaned} orphaned, ${untouched} untouched`;
}
