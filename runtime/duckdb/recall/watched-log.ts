import { quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { counted, countNullIds, lacksIdColumn } from "../tables/counted-rows.ts";
import { freezeTable } from "../tables/freeze-table.ts";
import { type IdSpan, readIdSpans } from "../tables/id-columns.ts";
import { rowTime } from "../tables/latest-rows.ts";
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
  /** Declared columns. */
  readonly columns: readonly string[];
  /** Join column of the feature → the log's own column. */
  readonly on: { readonly [column: string]: string };
}

/** A log, and what stands in it beside what a cover says. */
export interface WatchedLog extends Log {
  readonly table: PhysicalTable | undefined;
  readonly rows: bigint;
  /** Rows of the feature version that lack an id. */
  readonly nullIds: number;
  /** Under which id columns we wrote to the table, and when. */
  readonly spans: readonly IdSpan[];
  /** Whether later rows can be told from those that stand in it now: it has row ids, and all id columns. */
  readonly canBeFollowed: boolean;
  /** Tells the row that stands before the cover's position. */
  readonly mark: string | null;
  /** Whether no row behind the cover's position is older than one before it. */
  readonly follows: boolean;
}

/** Looks at logs, all in one statement. `covers` says how far each was read before, if that is known. */
export async function watchLogs(
  session: Session,
  given: readonly Log[],
  covers: readonly LogCover[],
): Promise<WatchedLog[]> {
  const logs = await freezeLogs(session, given);
  const spans = await readIdSpans(
    session,
    logs.flatMap(({ name, shape }) => (shape === undefined ? [] : [name])),
  );
  const looks = logs.flatMap((log, index) =>
    log.shape === undefined ? [] : [lookSql(log, log.shape, index, coverOf(log, covers[index]))],
  );
  const found = looks.length === 0 ? [] : await session.rows(looks.join(" UNION ALL "));
  const watched: WatchedLog[] = [];
  for (const [index, log] of logs.entries()) {
    const look = found.find((row) => row["log"] === index);
    const position = BigInt(String(look?.["position"] ?? (await lastPosition(session, log.shape))));
    const hasDataVersions = look?.["lacks_data_versions"] === false;
    const nullIds = Number(look?.["null_ids"] ?? 0);
    const rows = { ...log, table: log.name };
    const state = { position, hasDataVersions, ...counted(rows, nullIds, spans, log.shape ?? {}) };
    watched.push({
      ...log,
      table: log.shape === undefined ? undefined : { ...log.shape, ...state },
      rows: BigInt(String(look?.["rows"] ?? 0)),
      nullIds,
      spans: spans.filter(({ table }) => table === log.name),
      canBeFollowed:
        given[index]?.shape?.hasRowId !== false &&
        (log.shape === undefined || !lacksIdColumn(log.shape, log.idColumns)),
      mark: look?.["mark"] === null || look === undefined ? null : String(look["mark"]),
      follows: look?.["follows"] === true,
    });
  }
  return watched;
}

/** Copies the logs that have no row ids, so that they stay as they are. */
async function freezeLogs(session: Session, logs: readonly Log[]): Promise<Log[]> {
  const frozen: Log[] = [];
  for (const log of logs) {
    const { name, shape, columns } = log;
    if (shape === undefined || shape.hasRowId) frozen.push(log);
    else frozen.push({ ...log, shape: await freezeTable(session, name, shape, columns) });
  }
  return frozen;
}

/** A cover of another table says nothing. */
function coverOf(log: Log, cover: LogCover | undefined): LogCover | undefined {
  return cover?.table === log.name ? cover : undefined;
}

function lookSql(log: Log, shape: TableShape, index: number, cover: LogCover | undefined): string {
  const { name, columns } = shape;
  const since = BigInt(cover?.position ?? 0);
  const isFeature = columns.has("metaxy_updated_at");
  // Both are answered by the statistics of columns, as long as the answer is no.
  const lacks = isFeature
    ? `${countNullIds(log, shape)} AS null_ids,
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
  const isLater = `coalesce(${rowTime} >= make_timestamptz(${BigInt(cover.newest)}), false)`;
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
