import type { FeatureDiff } from "../version-diff.ts";
import type { PrintName } from "./list-names.ts";

/** Says that a feature may be another one under a new key, and what that means; empty where it may not. */
export function describeRename({ status, sameAs }: FeatureDiff, print: PrintName): string {
  if (sameAs === undefined) return "";
  const other = `the ${status === "added" ? "removed" : "added"} ${print(sameAs)}`;
  return `same as ${other} but for its key: rows stored under the old key are not taken over`;
}
