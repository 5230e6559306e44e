import { quoteName, quoteText } from "../../sql-text.ts";
import type { PhysicalTable } from "./physical-table.ts";

/** Which rows of a log count as its latest. */
export interface LatestSpec {
  readonly table: PhysicalTable;
  readonly idColumns: readonly string[];
  readonly featureVersion: string;
  /** Rows appended since the table was looked at are not seen, unless `all`. */
  readonly upTo: "position" | "all";
  /**
   * SQL of the rows of the log that are looked at, its own `rowid` among their columns. It must have all rows of an id
   * under the feature version, or none; but for those that a later one replaces.
   */
  readonly from?: string;
}

/**
 * SQL of the latest row of each id under a feature version, deletion marks included, in the table's own columns.
 *
 * The latest is the one with the highest `coalesce(deleted_at, updated_at)`; of equal ones, the last appended.
 */
export function latestRows({ table, idColumns, featureVersion, upTo, from }: LatestSpec): string {
  const conditions = [
    ...(upTo === "position" ? [`rowid < ${table.position}`] : []),
    `metaxy_feature_version = ${quoteText(featureVersion)}`,
  ];
  const log = from === undefined ? `${table.name} WHERE ${conditions.join(" AND ")}` : `(${from})`;
  return `SELECT * FROM ${log}
    QUALIFY row_number() OVER (
      PARTITION BY ${idColumns.map(quoteName).join(", ")}
      ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC NULLS LAST, rowid DESC) = 1`;
}
