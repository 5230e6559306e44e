import type { RowCounts } from "../version-diff.ts";
import { digits } from "./digits.ts";

/** Says in one line how many units of work are what. */
export function describeRows({ new: added, stale, orphaned, untouched, upperBound }: RowCounts): string {
  const most = upperBound === true ? "at most " : "";
  return `rows: ${most}${digits(added)} new, ${most}${digits(stale)} stale, ${digits(orphaned)} orphaned, ${digits(untouched)} untouched`;
}
