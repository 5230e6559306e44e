import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import type { PhysicalTable, TableShape } from "../tables/physical-table.ts";
import { storedTypeSql } from "../tables/stored-type.ts";
import type { WatchedLog } from "./watched-log.ts";

/**
 * How far a log was read: rows that stand before `position` are known, the others are newer.
 *
 * That holds while rows are only appended. What gives a physical deletion or another table away: the number of rows,
 * and the row that stands last.
 */
export interface LogCover {
  readonly table: string;
  readonly position: string;
  /** Rows that stood before the position. */
  readonly rows: string;
  /** Tells the row at `position - 1`; null where there is none. */
  readonly mark: string | null;
  /** Columns and types: who changes them changes what rows read as. */
  readonly shape: string;
  /**
   * Microseconds of the latest of the rows under the feature version; null without any, `never` where nothing can be
   * later. Absent in records of an older runtime.
   */
  readonly newest?: string | null;
  /** Rows of the feature version that lack an id; absent without any. */
  readonly nullIds?: number;
}

/** Columns and types of a table, as text. */
export function shapeOf(table: TableShape): string {
  return [...table.columns].map(([name, type]) => `${name} ${storedTypeSql(type)}`).join(", ");
}

/** Whether nothing but appends happened to a log since. */
export function stillCovers(cover: LogCover, { table, rows, mark, nullIds }: WatchedLog): boolean {
  const position = BigInt(cover.position);
  if (table === undefined) return position === 0n;
  if (table.position < position || (position > 0n && shapeOf(table) !== cover.shape)) return false;
  // Ids are taken away in place only, which the number of rows does not show.
  if (nullIds !== (cover.nullIds ?? 0)) return false;
  return rows - (table.position - position) === BigInt(cover.rows) && mark === cover.mark;
}

/** How far logs are read now. `known` are covers that still hold. */
export async function coversOf(
  session: Session,
  logs: readonly WatchedLog[],
  known: readonly LogCover[],
): Promise<LogCover[]> {
  const covers: LogCover[] = [];
  for (const [index, log] of logs.entries()) {
    const before = known[index];
    const grew = String(log.table?.position ?? 0) !== before?.position;
    covers.push(grew || before === undefined ? await coverOf(session, log, before) : before);
  }
  return covers;
}

/** How far a log is read now; a table that does not exist is read to its end. */
async function coverOf(
  session: Session,
  { name, table, rows, idColumns, featureVersion, nullIds }: WatchedLog,
  before: LogCover | undefined,
): Promise<LogCover> {
  if (table === undefined || table.position === 0n)
    return { table: name, position: "0", rows: "0", mark: null, shape: "", newest: null };
  const known = before?.newest !== undefined && before.newest !== "never" ? before : undefined;
  const timed = table.columns.has("metaxy_updated_at");
  const [row] = await session.rows(
    `SELECT (SELECT ${markSql(table.columns, idColumns)} FROM ${table.name} WHERE rowid = ${table.position - 1n}) AS mark,
       ${timed ? newestSql(table, featureVersion, known) : "NULL"} AS newest`,
  );
  return {
    table: name,
    position: String(table.position),
    rows: String(rows),
    mark: textOf(row?.["mark"]),
    shape: shapeOf(table),
    newest: textOf(row?.["newest"]),
    ...(nullIds === 0 ? {} : { nullIds }),
  };
}

/** Time of the latest row under a feature version; rows before a known cover's position need no further look. */
function newestSql(table: PhysicalTable, featureVersion: string, known: LogCover | undefined): string {
  const covered = typeof known?.newest === "string" ? `make_timestamptz(${BigInt(known.newest)})` : "NULL";
  return `(SELECT CASE WHEN isfinite(newest) THEN epoch_us(newest)::VARCHAR WHEN newest IS NOT NULL THEN 'never' END
    FROM (SELECT greatest(max(coalesce(metaxy_deleted_at, metaxy_updated_at)), ${covered}) AS newest FROM ${table.name}
      WHERE metaxy_feature_version = ${quoteText(featureVersion)} AND rowid >= ${known?.position ?? 0}))`;
}

/** Tells the row that stands last, rows appended by the running transaction among them. */
export async function markAtEnd(
  session: Session,
  table: TableShape,
  idColumns: readonly string[],
): Promise<string | null> {
  const [last] = await session.rows(`SELECT max(rowid) AS last FROM ${table.name}`);
  if (typeof last?.["last"] !== "bigint") return null;
  const [found] = await session.rows(
    `SELECT ${markSql(table.columns, idColumns)} AS mark FROM ${table.name} WHERE rowid = ${last["last"]}`,
  );
  return textOf(found?.["mark"]);
}

/** SQL of what tells a row. */
export function markSql(columns: TableShape["columns"], idColumns: readonly string[]): string {
  const values = [...idColumns, "metaxy_feature_version", "metaxy_updated_at", "metaxy_provenance"]
    .filter((column) => columns.has(column))
    .map((column) => `${quoteName(column)}::VARCHAR`);
  return `md5(concat_ws('|', ${values.join(", ")}))`;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
