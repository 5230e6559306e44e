import { quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { assertNoNullIds, hasNoId } from "../tables/feature-tables.ts";
import type { PhysicalTable, TableShape } from "../tables/physical-table.ts";
import { type LogCover, markSql } from "./log-cover.ts";

/** A log that a resolve reads: the table of an upstream, of markers of empty parents, or of the target. */
export interface Log {
  /** Key of its feature. */
  readonly key: string;
  /** Name of the table. */
  readonly name: string;
  /** Undefined where it was never written. */
  readonly shape: TableShape | undefined;
  readonly featureVersion: string;
  readonly idColumns: readonly string[];
  /** Join column of the feature → the log's own column. */
  readonly on: { readonly [column: string]: string };
}

/** A log, and what stands in it beside what a cover says. */
export interface WatchedLog extends Log {
  readonly table: PhysicalTable | undefined;
  readonly rows: bigint;
  /** Rows of the feature version that lack an id. */
  readonly nullIds: number;
  /** Tells the row that stands before the cover's position. */
  readonly mark: string | null;
  /** Whether no row behind the cover's position is older than one before it. */
  readonly follows: boolean;
}

/** Looks at logs, all in one statement. `covers` says how far each was read before, if that is known. */
export async function watchLogs(
  session: Session,
  logs: readonly Log[],
  covers: readonly LogCover[],
): Promise<WatchedLog[]> {
  const looks = logs.flatMap((log, index) =>
    log.shape === undefined ? [] : [lookSql(log, log.shape, index, coverOf(log, covers[index]))],
  );
  const found = looks.length === 0 ? [] : await session.rows(looks.join(" UNION ALL "));
  const watched: WatchedLog[] = [];
  for (const [index, log] of logs.entries()) {
    const look = found.find((row) => row["log"] === index);
    const position = BigInt(String(look?.["position"] ?? (await lastPosition(session, log.shape))));
    const hasDataVersions = look?.["lacks_data_versions"] === false;
    watched.push({
      ...log,
      table: log.shape === undefined ? undefined : { ...log.shape, position, hasDataVersions },
      rows: BigInt(String(look?.["rows"] ?? 0)),
      nullIds: Number(look?.["null_ids"] ?? 0),
      mark: look?.["mark"] === null || look === undefined ? null : String(look["mark"]),
      follows: look?.["follows"] === true,
    });
  }
  return watched;
}

/** Refuses logs in which a row of the feature version lacks an id. */
export function assertNoLogLacksIds(session: Session, logs: readonly WatchedLog[]): void {
  for (const { key, shape, idColumns, nullIds } of logs) {
    if (shape !== undefined) assertNoNullIds(session, key, shape, idColumns, nullIds);
  }
}

/** A cover of another table says nothing. */
function coverOf(log: Log, cover: LogCover | undefined): LogCover | undefined {
  return cover?.table === log.name ? cover : undefined;
}

function lookSql(
  log: Log,
  { name, columns }: TableShape,
  index: number,
  cover: LogCover | undefined,
): string {
  const since = BigInt(cover?.position ?? 0);
  const isFeature = columns.has("metaxy_updated_at");
  // Both are answered by the statistics of columns, as long as the answer is no.
  const lacks = isFeature
    ? `(SELECT count(*) FROM ${name} WHERE ${hasNoId(log.idColumns, log.featureVersion)}) AS null_ids,
       EXISTS (SELECT 1 FROM ${name} WHERE metaxy_data_version_by_field IS NULL) AS lacks_data_versions`
    : "0 AS null_ids, true AS lacks_data_versions";
  const mark =
    since === 0n
      ? "NULL"
      : `max(CASE WHEN rowid = ${since - 1n} THEN ${markSql(columns, log.idColumns)} END)`;
  return `SELECT ${index} AS log, (SELECT count(*) FROM ${name}) AS rows, ${lacks},
      (max(rowid) + 1)::BIGINT AS position, ${mark} AS mark, ${isFeature ? followsSql(log, cover) : "true"} AS follows
    FROM ${name} WHERE rowid >= ${since - 1n}`;
}

function followsSql({ featureVersion }: Log, cover: LogCover | undefined): string {
  if (cover?.newest === null || cover?.position === "0") return "true";
  if (cover?.newest === undefined || cover.newest === "never") return "false";
  const isOfVersion = `rowid >= ${cover.position} AND metaxy_feature_version = ${quoteText(featureVersion)}`;
  const isLater = `coalesce(coalesce(metaxy_deleted_at, metaxy_updated_at) >= make_timestamptz(${BigInt(cover.newest)}), false)`;
  return `coalesce(bool_and(${isLater}) FILTER (${isOfVersion}), true)`;
}

/** Where nothing stands behind a cover, fewer rows may be there than it says. */
async function lastPosition(session: Session, shape: TableShape | undefined): Promise<unknown> {
  if (shape === undefined) return 0;
  const [last] = await session.rows(
    `SELECT coalesce(max(rowid) + 1, 0)::BIGINT AS position FROM ${shape.name}`,
  );
  return last?.["position"];
}
