import { quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { qualifiedName } from "./physical-table.ts";

/**
 * The tables that we created, and how many rows each had after our last write, in a table of our own.
 *
 * A table with another number of rows is also written by another program, and then keeps its types.
 */
const recordTable = "stemma_tables";

/** Whether we created a table, and nobody else wrote to it. */
export async function isOwnTable(session: Session, table: string): Promise<boolean> {
  const records = qualifiedName(recordTable);
  if ((await session.columnsOf(records)) === undefined) return false;
  const [found] = await session.rows(
    `SELECT rows = (SELECT count(*) FROM ${qualifiedName(table)}) AS own FROM ${records} WHERE name = ${quoteText(table)}`,
  );
  return found?.["own"] === true;
}

/** Records a table that was created just now. Within the transaction that created it. */
export async function recordOwnTable(session: Session, table: string): Promise<void> {
  const records = qualifiedName(recordTable);
  await session.run(`CREATE TABLE IF NOT EXISTS ${records} (name VARCHAR, rows BIGINT)`);
  await session.run(`DELETE FROM ${records} WHERE name = ${quoteText(table)}`);
  await session.run(`INSERT INTO ${records} VALUES (${quoteText(table)}, 0)`);
}

/** Runs work that writes to a table; one that is our own stays so. Within a transaction. */
export async function keepingOwner<T>(session: Session, table: string, work: () => Promise<T>): Promise<T> {
  const isOwn = await isOwnTable(session, table);
  const result = await work();
  if (isOwn) {
    await session.run(
      `UPDATE ${qualifiedName(recordTable)} SET rows = (SELECT count(*) FROM ${qualifiedName(table)})
       WHERE name = ${quoteText(table)}`,
    );
  }
  return result;
}
