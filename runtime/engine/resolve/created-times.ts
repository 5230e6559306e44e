import type { AnyFeature } from "../../feature.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { ofVersion } from "../tables/counted-rows.ts";
import { type PhysicalTable, qualifiedName } from "../tables/physical-table.ts";
import { workItemsTable } from "./comparison.ts";
import { grainIsId } from "./stored-items.ts";

/**
 * SQL of the ids of all stored rows that grains of the increment may have, and of the times at which they were created.
 *
 * `near` is what was kept of the target's log for touched grains, or `none` where it has no rows of the version. Undefined where a grain does not tell its ids.
 */
export function createdTimes(
  feature: AnyFeature,
  target: PhysicalTable | undefined,
  targetSlice: PhysicalTable | "none" | undefined,
  hasStableRowIds: boolean,
): string | undefined {
  // What was appended since can't be told in a table without row ids; a write then looks at all of it.
  if (!grainIsId(feature) || !hasStableRowIds) return undefined;
  const ids = feature.spec.idColumns.map(quoteIdentifier).join(", ");
  const times = `SELECT ${ids}, metaxy_created_at FROM`;
  const isOfVersion = ofVersion(target ?? {}, feature.featureVersion);
  const since = `${times} ${qualifiedName(feature.table)} WHERE ${isOfVersion} AND rowid >= ${target?.offset ?? 0}`;
  if (target === undefined || targetSlice === "none") return since;
  const before =
    targetSlice === undefined
      ? `${target.name} WHERE ${isOfVersion} AND rowid < ${target.offset} AND (${ids}) IN (SELECT ${ids} FROM ${workItemsTable})`
      : targetSlice.name;
  return `${since} UNION ALL ${times} ${before}`;
}
