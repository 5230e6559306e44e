import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import { ofVersion } from "../tables/counted-rows.ts";
import { type PhysicalTable, qualifiedName } from "../tables/physical-table.ts";
import { grainsTable } from "./comparison.ts";
import { grainIsId } from "./stored-grains.ts";

/**
 * SQL of the ids of all stored rows that grains of the increment may have, and of the times at which they were created.
 *
 * `near` is what was kept of the target's log for touched grains, or `none` where it has no rows of the version. Undefined where a grain does not tell its ids.
 */
export function createdTimes(
  feature: AnyFeature,
  target: PhysicalTable | undefined,
  near: PhysicalTable | "none" | undefined,
  canBeFollowed: boolean,
): string | undefined {
  // What was appended since can't be told in a table without row ids; a write then looks at all of it.
  if (!grainIsId(feature) || !canBeFollowed) return undefined;
  const ids = feature.spec.idColumns.map(quoteName).join(", ");
  const times = `SELECT ${ids}, metaxy_created_at FROM`;
  const isOfVersion = ofVersion(target ?? {}, feature.featureVersion);
  const since = `${times} ${qualifiedName(feature.table)} WHERE ${isOfVersion} AND rowid >= ${target?.position ?? 0}`;
  if (target === undefined || near === "none") return since;
  const before =
    near === undefined
      ? `${target.name} WHERE ${isOfVersion} AND rowid < ${target.position} AND (${ids}) IN (SELECT ${ids} FROM ${grainsTable})`
      : near.name;
  return `${since} UNION ALL ${times} ${before}`;
}
