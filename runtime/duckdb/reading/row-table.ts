import { quoteName } from "../../sql-text.ts";
import type { Bindings, Session } from "../connection/session.ts";

/** Puts the rows of a query into a temporary table, in the query's order. */
export async function createRowTable(
  session: Session,
  name: string,
  sql: string,
  bindings: Bindings,
): Promise<{ readonly session: Session; readonly table: string; readonly rows: number }> {
  const table = quoteName(name);
  await session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`, bindings);
  const [count] = await session.rows(`SELECT count(*) AS rows FROM ${table}`);
  return { session, table, rows: Number(count?.["rows"] ?? 0) };
}
