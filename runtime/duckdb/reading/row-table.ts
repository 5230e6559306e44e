import { quoteName } from "../../sql-text.ts";
import type { Bindings, Session } from "../connection/session.ts";

/** Rows in a temporary table, lying in order. */
export interface RowTable {
  readonly session: Session;
  /** Quoted. */
  readonly table: string;
  readonly rows: number;
  /** Columns that rows should have and lack, with how many do. */
  readonly missing?: readonly MissingValues[];
}

/** A column that is null in some rows. */
export interface MissingValues {
  readonly column: string;
  readonly rows: number;
}

/**
 * Puts the rows of a query into a temporary table, in the query's order. `required`: columns that should not be null.
 */
export async function createRowTable(
  session: Session,
  name: string,
  sql: string,
  bindings: Bindings,
  required: readonly string[],
): Promise<RowTable> {
  const table = quoteName(name);
  await session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`, bindings);
  const lacking = required.map((column, index) => `, count(*) - count(${quoteName(column)}) AS c${index}`);
  const [count] = await session.rows(`SELECT count(*) AS rows${lacking.join("")} FROM ${table}`);
  const missing = required.flatMap((column, index) => {
    const rows = Number(count?.[`c${index}`] ?? 0);
    return rows === 0 ? [] : [{ column, rows }];
  });
  return { session, table, rows: Number(count?.["rows"] ?? 0), missing };
}
