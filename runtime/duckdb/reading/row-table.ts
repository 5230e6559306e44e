import { quoteName } from "../../sql-text.ts";
import type { Bindings, Session } from "../connection/session.ts";

/** Rows in a temporary table, lying in order. */
export interface RowTable {
  readonly session: Session;
  /** Quoted. */
  readonly table: string;
  readonly rows: number;
}

/** Puts the rows of a query into a temporary table, in the query's order. */
export async function createRowTable(
  session: Session,
  name: string,
  sql: string,
  bindings: Bindings,
): Promise<RowTable> {
  const table = quoteName(name);
  await session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`, bindings);
  const [count] = await session.rows(`SELECT count(*) AS rows FROM ${table}`);
  return { session, table, rows: Number(count?.["rows"] ?? 0) };
}
