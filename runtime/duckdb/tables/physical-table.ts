import { quoteName } from "../../sql-text.ts";
import type { RowIds, Session } from "../connection/session.ts";

/** The columns of a table as it lies in the database. */
export interface TableShape {
  /** Quoted and qualified, so that a CTE of the same name does not hide it. */
  readonly name: string;
  /** Column → DuckDB type, as DuckDB prints it. */
  readonly columns: ReadonlyMap<string, string>;
  /** Whether `rowid` is DuckDB's own; a view has none, and a column of that name hides it. */
  readonly rowIds: RowIds;
  /** Whether it is a copy of the session's. */
  readonly isCopy?: boolean;
}

/** A table as it lies in the database. */
export interface PhysicalTable extends TableShape {
  /** One above the highest row id: rows that stand at or behind it are newer. */
  readonly position: bigint;
  /** Whether no row lacks its data versions, so that its provenance need not be read for them. */
  readonly hasDataVersions?: boolean;
}

/** Qualifies and quotes the name of a feature's table. */
export function qualifiedName(table: string): string {
  return `main.${quoteName(table)}`;
}

/** Looks at the columns of a table; undefined where there is none. */
export async function inspectShape(session: Session, table: string): Promise<TableShape | undefined> {
  const name = qualifiedName(table);
  const relation = await session.relationOf(name);
  return relation === undefined ? undefined : { name, ...relation };
}

/** Looks at a table; undefined where there is none. */
export async function inspectTable(session: Session, table: string): Promise<PhysicalTable | undefined> {
  const shape = await inspectShape(session, table);
  return shape === undefined ? undefined : withPosition(session, shape);
}

/** Looks how far a table reaches. */
export async function withPosition(session: Session, shape: TableShape): Promise<PhysicalTable> {
  const [last] = await session.rows(
    `SELECT coalesce(max(rowid) + 1, 0)::BIGINT AS next_row FROM ${shape.name}`,
  );
  return { ...shape, position: BigInt(String(last?.["next_row"] ?? 0)) };
}
