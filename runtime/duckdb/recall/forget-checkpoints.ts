import { quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { openGrainsTable, recordTable, type SyncRecord } from "./sync-record.ts";

/**
 * Forgets the checkpoints of all features that read one of some tables. Within a transaction.
 *
 * Rows that leave a table renumber the others, and what a checkpoint leaves open may name ids that had to go.
 */
export async function forgetCheckpoints(session: Session, tables: readonly string[]): Promise<void> {
  const name = qualifiedName(recordTable);
  if ((await session.columnsOf(name)) === undefined) return;
  for (const { recipe, record } of await session.rows(`SELECT recipe, record FROM ${name}`)) {
    const read = tablesOf(String(record));
    if (!read.some((table) => tables.includes(table))) continue;
    const ofRecipe = `recipe = ${quoteText(String(recipe))}`;
    await session.run(`DELETE FROM ${name} WHERE ${ofRecipe}`);
    const pending = qualifiedName(openGrainsTable({ table: read.at(-1) ?? "" }));
    if ((await session.columnsOf(pending)) !== undefined)
      await session.run(`DELETE FROM ${pending} WHERE ${ofRecipe}`);
  }
}

/** Names of the tables that a checkpoint was made from: the feature's own is the last. */
function tablesOf(record: string): string[] {
  return (JSON.parse(record) as SyncRecord).logs.map(({ table }) => table);
}
