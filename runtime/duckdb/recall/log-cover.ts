import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";

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
}

/** Columns and types of a table, as text. */
export function shapeOf(table: PhysicalTable): string {
  return [...table.columns].map(([name, type]) => `${name} ${type}`).join(", ");
}

/** How far a log is read now; a table that does not exist is read to its end. */
export async function coverOf(
  session: Session,
  name: string,
  table: PhysicalTable | undefined,
  idColumns: readonly string[],
): Promise<LogCover> {
  if (table === undefined) return { table: name, position: "0", rows: "0", mark: null, shape: "" };
  const [count] = await session.rows(`SELECT count(*) AS rows FROM ${table.name}`);
  return {
    table: name,
    position: String(table.position),
    rows: String(count?.["rows"] ?? 0),
    mark: await markAt(session, table, table.position, idColumns),
    shape: shapeOf(table),
  };
}

/** Whether nothing but appends happened to a log since. */
export async function stillCovers(
  session: Session,
  cover: LogCover,
  table: PhysicalTable | undefined,
  idColumns: readonly string[],
): Promise<boolean> {
  const position = BigInt(cover.position);
  if (table === undefined) return position === 0n;
  if (table.position < position || (position > 0n && shapeOf(table) !== cover.shape)) return false;
  const [count] = await session.rows(`SELECT count(*) AS rows FROM ${table.name}`);
  const before = BigInt(String(count?.["rows"] ?? 0)) - (table.position - position);
  return before === BigInt(cover.rows) && (await markAt(session, table, position, idColumns)) === cover.mark;
}

/** Tells the row that stands last, rows appended by the running transaction among them. */
export async function markAtEnd(
  session: Session,
  table: PhysicalTable,
  idColumns: readonly string[],
): Promise<string | null> {
  return mark(session, table, idColumns, `(SELECT max(rowid) FROM ${table.name})`);
}

function markAt(
  session: Session,
  table: PhysicalTable,
  position: bigint,
  idColumns: readonly string[],
): Promise<string | null> {
  return mark(session, table, idColumns, String(position - 1n));
}

async function mark(
  session: Session,
  table: PhysicalTable,
  idColumns: readonly string[],
  row: string,
): Promise<string | null> {
  const columns = [...idColumns, "metaxy_feature_version", "metaxy_updated_at", "metaxy_provenance"];
  const values = columns
    .filter((column) => table.columns.has(column))
    .map((column) => `${quoteName(column)}::VARCHAR`);
  const [found] = await session.rows(
    `SELECT md5(concat_ws('|', ${values.join(", ")})) AS mark FROM ${table.name} WHERE rowid = ${row}`,
  );
  return found === undefined ? null : String(found["mark"]);
}
