import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { isWithin, readIdSpans } from "./id-columns.ts";
import { metaTable } from "./meta-table.ts";
import { qualifiedName } from "./physical-table.ts";

/** Records that a table was created by us. Within the transaction that creates it, after the hash was recorded. */
export async function recordOwnTable(session: EngineSession, table: string): Promise<void> {
  await session.run(`DELETE FROM ${createdFact(table)}`);
  await session.run(`INSERT INTO ${qualifiedName(metaTable)} VALUES ('created', ${quoteLiteral(table)})`);
}

/** SQL of the fact that we created a table, behind FROM. */
export function createdFact(table: string): string {
  return `${qualifiedName(metaTable)} WHERE name = 'created' AND value = ${quoteLiteral(table)}`;
}

/** Whether we created a table, and nobody else wrote to it: a table that others write to keeps its types. */
export async function isOwnTable(session: EngineSession, table: string): Promise<boolean> {
  if ((await session.columnsOf(qualifiedName(metaTable))) === undefined) return false;
  const spans = await readIdSpans(session, [table]);
  const isOurs = spans.length === 0 ? "false" : isWithin(session.dialect, spans);
  const [found] = await session.rows(
    `SELECT EXISTS (FROM ${createdFact(table)})
       AND NOT EXISTS (FROM ${qualifiedName(table)} WHERE NOT ${isOurs}) AS own`,
  );
  return found?.["own"] === true;
}
