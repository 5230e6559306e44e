import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";

/** A table as it lies in the database. */
export interface PhysicalTable {
  /** Quoted and qualified, so that a CTE of the same name does not hide it. */
  readonly name: string;
  /** Column → DuckDB type, as DuckDB prints it. */
  readonly columns: ReadonlyMap<string, string>;
  /** One above the highest row id: rows that stand at or behind it are newer. */
  readonly position: bigint;
}

/** Qualifies and quotes the name of a feature's table. */
export function qualifiedName(table: string): string {
  return `main.${quoteName(table)}`;
}

/** Looks at a table; undefined where there is none. */
export async function inspectTable(session: Session, table: string): Promise<PhysicalTable | undefined> {
  const columns = await session.rows(
    `SELECT column_name, data_type FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'main' AND table_name = ${quoteText(table)}
     ORDER BY column_index`,
  );
  if (columns.length === 0) return undefined;
  const name = qualifiedName(table);
  const [last] = await session.rows(`SELECT coalesce(max(rowid) + 1, 0)::BIGINT AS next_row FROM ${name}`);
  return {
    name,
    columns: new Map(columns.map((column) => [String(column["column_name"]), String(column["data_type"])])),
    position: BigInt(String(last?.["next_row"] ?? 0)),
  };
}
