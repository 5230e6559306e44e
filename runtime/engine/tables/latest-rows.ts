import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { ofVersion } from "./counted-rows.ts";
import type { PhysicalTable } from "./physical-table.ts";

/** Which rows of a log count as its latest. */
export interface LatestSpec {
  readonly idColumns: readonly string[];
  /** SQL of the log: a table and its conditions, to stand behind FROM. Its rows have a `rowid`. */
  readonly log: string;
  /** Which ids stand more than once; undefined where ranking all rows is cheaper than to find out. */
  readonly repeated: Repeated | undefined;
}

/**
 * SQL of the time by which the rows of a sample are ordered.
 *
 * An infinite one says no time: it would win against all that is ever written.
 */
export const rowTime: string =
  "nullif(coalesce(metaxy_deleted_at, metaxy_updated_at), 'infinity'::TIMESTAMPTZ)";

/** SQL of the ids that stand more than once in a log, as {@link repeatedIds} gives them; `none` where each stands once. */
export type Repeated = "none" | { readonly sql: string };

/**
 * SQL of the rows of a feature version that a table holds, to stand behind FROM. Rows appended since the table was
 * looked at are not seen, unless `upTo` is `all`.
 */
export function versionLog(
  table: PhysicalTable,
  featureVersion: string,
  upTo: "offset" | "all",
  since = 0n,
): string {
  const conditions = [
    ...(since === 0n ? [] : [`rowid >= ${since}`]),
    ...(upTo === "offset" ? [`rowid < ${table.offset}`] : []),
    ofVersion(table, featureVersion),
  ];
  return `${table.name} WHERE ${conditions.join(" AND ")}`;
}

/**
 * SQL of the latest row of each id, deletion marks included, in the log's own columns and `stemma_row`.
 *
 * The latest is the one with the highest {@link rowTime}; of equal ones, the last appended.
 */
export function latestRows({ idColumns, log, repeated }: LatestSpec): string {
  const all = `SELECT rowid AS stemma_row, * FROM ${log}`;
  if (repeated === "none") return all;
  const rank = `row_number() OVER (PARTITION BY ${idColumns.map(quoteIdentifier).join(", ")}
    ORDER BY ${rowTime} DESC NULLS LAST, rowid DESC)`;
  if (repeated === undefined) return `${all} QUALIFY ${rank} = 1`;
  // To rank is dear, and most ids stand once: so only those that stand more often are, without their other columns.
  return `SELECT * FROM (${all}) ANTI JOIN (
      SELECT rowid AS stemma_row
      FROM (SELECT rowid, *, ${idHash(idColumns)} FROM ${log}) SEMI JOIN (${repeated.sql}) USING (stemma_id_hash)
      QUALIFY ${rank} > 1) USING (stemma_row)`;
}

/**
 * SQL of the hashes of the ids that stand more than once in a log. To group by hashes takes two thirds of the time that
 * ids take; another id with the same hash is ranked as well, and stays the latest of its own.
 */
export function repeatedIds({ idColumns, log }: Pick<LatestSpec, "idColumns" | "log">): string {
  return `SELECT stemma_id_hash FROM (SELECT ${idHash(idColumns)} FROM ${log}) GROUP BY stemma_id_hash HAVING count(*) > 1`;
}

/** SQL condition on the rows whose id stands more than once, or has the hash of one that does. */
export function matchesRepeated(idColumns: readonly string[], repeated: { readonly sql: string }): string {
  return `hash(${idColumns.map(quoteIdentifier).join(", ")}) IN (${repeated.sql})`;
}

function idHash(idColumns: readonly string[]): string {
  return `hash(${idColumns.map(quoteIdentifier).join(", ")}) AS stemma_id_hash`;
}
