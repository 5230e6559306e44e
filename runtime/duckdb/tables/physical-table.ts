import type { DuckDBType } from "@duckdb/node-api";
import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";

/** The columns of a table as it lies in the database. */
export interface TableShape {
  /** Quoted and qualified, so that a CTE of the same name does not hide it. */
  readonly name: string;
  /** Column → type. */
  readonly columns: ReadonlyMap<string, DuckDBType>;
  /** Whether we made the table, and alone write to it; looked up only where that makes a difference. */
  readonly isOwn?: boolean;
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
  const columns = await session.columnsOf(name);
  return columns === undefined ? undefined : { name, columns };
}

/** Looks at a table; undefined where there is none. */
export async function inspectTable(session: Session, table: string): Promise<PhysicalTable | undefined> {
  const shape = await inspectShape(session, table);
  if (shape === undefined) return undefined;
  const [last] = await session.rows(
    `SELECT coalesce(max(rowid) + 1, 0)::BIGINT AS next_row FROM ${shape.name}`,
  );
  return { ...shape, position: BigInt(String(last?.["next_row"] ?? 0)) };
}
