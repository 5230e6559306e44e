import { quoteName, quoteText } from "../../sql-text.ts";
import type { PhysicalTable } from "./physical-table.ts";

/** Which rows of a log count as its latest. */
export interface LatestSpec {
  readonly idColumns: readonly string[];
  /** SQL of the log: a table and its conditions, to stand behind FROM. Its rows have a `rowid`. */
  readonly log: string;
  /** Whether reading the log is cheap enough to do it thrice. */
  readonly isCheap: boolean;
}

/**
 * SQL of the rows of a feature version that a table holds, to stand behind FROM. Rows appended since the table was
 * looked at are not seen, unless `upTo` is `all`.
 */
export function versionLog(
  table: PhysicalTable,
  featureVersion: string,
  upTo: "position" | "all",
  since = 0n,
): string {
  const conditions = [
    ...(since === 0n ? [] : [`rowid >= ${since}`]),
    ...(upTo === "position" ? [`rowid < ${table.position}`] : []),
    `metaxy_feature_version = ${quoteText(featureVersion)}`,
  ];
  return `${table.name} WHERE ${conditions.join(" AND ")}`;
}

/**
 * SQL of the latest row of each id, deletion marks included, in the log's own columns and `stemma_row`.
 *
 * The latest is the one with the highest `coalesce(deleted_at, updated_at)`; of equal ones, the last appended.
 */
export function latestRows({ idColumns, log, isCheap }: LatestSpec): string {
  const ids = idColumns.map(quoteName).join(", ");
  const rank = `row_number() OVER (PARTITION BY ${ids}
    ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC NULLS LAST, rowid DESC)`;
  const all = `SELECT rowid AS stemma_row, * FROM ${log}`;
  if (!isCheap) return `${all} QUALIFY ${rank} = 1`;
  // To rank is dear, and most ids stand once: so only those that stand more often are, without their other columns.
  return `SELECT * FROM (${all}) ANTI JOIN (
      SELECT rowid AS stemma_row
      FROM (SELECT rowid, * FROM ${log}) SEMI JOIN (SELECT ${ids} FROM ${log} GROUP BY ${ids} HAVING count(*) > 1) USING (${ids})
      QUALIFY ${rank} > 1) USING (stemma_row)`;
}
