import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { latestRows, versionLog } from "../tables/latest-rows.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";

/**
 * Soft-deletes the children of the written parents that the new expansion does not have: those that are still there
 * with another provenance. So that cutting a parent into fewer pieces settles.
 */
export async function deleteReplacedChildren(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
  time: string,
): Promise<number> {
  return appendDeletions(session, feature, table, time, (grain) => {
    const same = grain.map((column) => `p.${column} = c.${column}`).join(" AND ");
    return `EXISTS (SELECT 1 FROM (${parents}) AS p WHERE ${same})
      AND NOT EXISTS (SELECT 1 FROM (${parents}) AS p WHERE ${same} AND p.metaxy_provenance = c.metaxy_provenance)`;
  });
}

/** Soft-deletes the children of all `parents`, since they have none any more. Within a transaction. */
export async function deleteChildren(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  parents: string,
  time: string,
): Promise<number> {
  return appendDeletions(session, feature, table, time, (grain) => {
    const same = grain.map((column) => `p.${column} = c.${column}`).join(" AND ");
    return `EXISTS (SELECT 1 FROM (${parents}) AS p WHERE ${same})`;
  });
}

/** A soft delete is a further row: a copy of the latest one that bears the time of deletion. */
async function appendDeletions(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  time: string,
  condition: (grain: readonly string[]) => string,
): Promise<number> {
  const log = versionLog(table, feature.featureVersion, "all");
  const latest = latestRows({ idColumns: feature.spec.idColumns, log, isCheap: true });
  return session.run(
    `INSERT INTO ${table.name}
     SELECT * EXCLUDE (stemma_row) REPLACE (${time} AS metaxy_updated_at, ${time} AS metaxy_deleted_at)
     FROM (${latest}) AS c WHERE metaxy_deleted_at IS NULL AND ${condition(feature.plan.grain.map(quoteName))}`,
  );
}
