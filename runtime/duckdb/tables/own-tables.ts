import { quoteText } from "../../sql-text.ts";
import { factsTable } from "../connection/hash-record.ts";
import type { Session } from "../connection/session.ts";
import { isWithin, readIdSpans } from "./id-columns.ts";
import { qualifiedName } from "./physical-table.ts";

/** Records that a table was created by us. Within the transaction that creates it, after the hash was recorded. */
export async function recordOwnTable(session: Session, table: string): Promise<void> {
  const facts = qualifiedName(factsTable);
  await session.run(`DELETE FROM ${facts} WHERE name = 'created' AND value = ${quoteText(table)}`);
  await session.run(`INSERT INTO ${facts} VALUES ('created', ${quoteText(table)})`);
}

/** Whether we created a table, and nobody else wrote to it: a table that others write to keeps its types. */
export async function isOwnTable(session: Session, table: string): Promise<boolean> {
  const facts = qualifiedName(factsTable);
  if ((await session.columnsOf(facts)) === undefined) return false;
  const spans = await readIdSpans(session, [table]);
  const isOurs = spans.length === 0 ? "false" : isWithin(spans);
  const [found] = await session.rows(
    `SELECT EXISTS (FROM ${facts} WHERE name = 'created' AND value = ${quoteText(table)})
       AND NOT EXISTS (FROM ${qualifiedName(table)} WHERE NOT ${isOurs}) AS own`,
  );
  return found?.["own"] === true;
}
