import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";

/** Name of the temporary table that holds the work items of an increment. One increment has a session of its own. */
export const workItemsTable = "stemma_increment";

/** The set of work items that are left out of the new and the stale ones, since they failed before. */
export const failedSet = "failed";

/** Condition that rows of two relations have the same grain. */
export function sameGrain(feature: AnyFeature, left: string, right: string): string {
  return feature.plan.grain
    .map((name) => `${left}.${quoteIdentifier(name)} = ${right}.${quoteIdentifier(name)}`)
    .join(" AND ");
}

/** A WITH clause of common table expressions: name → SQL. Empty for none. */
export function withCtes(ctes: ReadonlyMap<string, string>): string {
  if (ctes.size === 0) return "";
  return `WITH ${[...ctes].map(([name, sql]) => `${quoteIdentifier(name)} AS (${sql})`).join(", ")} `;
}
