import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { ofVersion } from "./counted-rows.ts";
import type { PhysicalTable } from "./physical-table.ts";

/** Which rows of a log count as its latest. */
export interface LatestSpec {
  readonly idColumns: readonly string[];
  /** SQL of the log: a table and its conditions, behind FROM. Its rows have an offset. */
  readonly log: string;
  /** Which ids occur more than once; undefined where ranking all rows is cheaper than finding out. */
  readonly repeated: Repeated | undefined;
}

/**
 * SQL of the time by which the rows of a sample are ordered; `alias` is that of their relation.
 *
 * An infinite one says no time: it would win against all that is ever written.
 */
export function rowTime(dialect: Dialect, alias?: string): string {
  const of = alias === undefined ? "" : `${alias}.`;
  return `nullif(coalesce(${of}metaxy_deleted_at, ${of}metaxy_updated_at), ${dialect.endOfTime})`;
}

/** SQL of the ids that occur more than once in a log, as {@link repeatedIds} gives them; `none` where each occurs once. */
export type Repeated = "none" | { readonly sql: string };

/**
 * SQL of the rows of a feature version that a table holds, behind FROM. Rows appended since the table was
 * looked at are not seen, unless `upTo` is `all`.
 */
export function versionLog(
  dialect: Dialect,
  table: PhysicalTable,
  featureVersion: string,
  upTo: "offset" | "all",
  since = 0n,
): string {
  const conditions = [
    ...(since === 0n ? [] : [dialect.log.since(since)]),
    ...(upTo === "offset" ? [dialect.log.before(table.offset)] : []),
    ofVersion(table, featureVersion),
  ];
  return `${table.name} WHERE ${conditions.join(" AND ")}`;
}

/**
 * SQL of the latest row of each id, deletion marks included, in the log's own columns and `stemma_row`.
 *
 * The latest is the one with the highest {@link rowTime}; of equal ones, the last appended.
 */
export function latestRows(dialect: Dialect, { idColumns, log, repeated }: LatestSpec): string {
  const { log: offsets } = dialect;
  const row = `${offsets.column} AS stemma_row`;
  const all = `SELECT ${row}, * FROM ${log}`;
  if (repeated === "none") return all;
  const ids = idColumns.map(quoteIdentifier);
  const latestFirst = `${rowTime(dialect)} DESC NULLS LAST, ${offsets.column} DESC`;
  if (repeated === undefined) return dialect.firstOfEach(`${row}, *`, log, ids, latestFirst);
  // Ranking is costly, and most ids occur once: only the others are ranked, without their other columns.
  const hashed = `(SELECT ${offsets.column}, *, ${idHash(dialect, idColumns)} FROM ${log}) AS h`;
  const several = `${hashed} ${dialect.semiJoin(`(${repeated.sql}) AS r`, "h.stemma_id_hash = r.stemma_id_hash")}`;
  const superseded = dialect.othersOfEach(row, several, ids, latestFirst);
  return `SELECT * FROM (${all}) AS l ${dialect.antiJoin(`(${superseded}) AS s`, "l.stemma_row = s.stemma_row")}`;
}

/**
 * SQL of the hashes of the ids that occur more than once in a log. To group by hashes takes two thirds of the time that
 * ids take; another id with the same hash is ranked as well, and stays the latest of its own.
 */
export function repeatedIds(
  dialect: Dialect,
  { idColumns, log }: Pick<LatestSpec, "idColumns" | "log">,
): string {
  return `SELECT stemma_id_hash FROM (SELECT ${idHash(dialect, idColumns)} FROM ${log}) GROUP BY stemma_id_hash HAVING count(*) > 1`;
}

/** SQL condition on the rows whose id occurs more than once, or has the hash of one that does. */
export function matchesRepeated(
  dialect: Dialect,
  idColumns: readonly string[],
  repeated: { readonly sql: string },
): string {
  return `${dialect.idHash(idColumns.map(quoteIdentifier))} IN (${repeated.sql})`;
}

function idHash(dialect: Dialect, idColumns: readonly string[]): string {
  return `${dialect.idHash(idColumns.map(quoteIdentifier))} AS stemma_id_hash`;
}
