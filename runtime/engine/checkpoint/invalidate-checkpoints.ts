import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { type Checkpoint, checkpointTable, pendingItemsTable } from "./checkpoint.ts";

/**
 * Forgets the checkpoints of all features that read one of some tables. Within a transaction.
 *
 * Rows that leave a table renumber the others, and what a checkpoint leaves open may name ids that had to go.
 */
export async function invalidateCheckpoints(
  session: EngineSession,
  tables: readonly string[],
): Promise<void> {
  const name = qualifiedName(checkpointTable);
  if ((await session.columnsOf(name)) === undefined) return;
  for (const { plan_fingerprint: planFingerprint, checkpoint } of await session.rows(
    `SELECT plan_fingerprint, checkpoint FROM ${name}`,
  )) {
    const read = tablesOf(String(checkpoint));
    if (!read.some((table) => tables.includes(table))) continue;
    const isOfPlan = `plan_fingerprint = ${quoteLiteral(String(planFingerprint))}`;
    await session.run(`DELETE FROM ${name} WHERE ${isOfPlan}`);
    const pending = qualifiedName(pendingItemsTable({ table: read.at(-1) ?? "" }));
    if ((await session.columnsOf(pending)) !== undefined)
      await session.run(`DELETE FROM ${pending} WHERE ${isOfPlan}`);
  }
}

/** Names of the tables that a checkpoint was made from: the feature's own is the last. */
function tablesOf(checkpoint: string): string[] {
  return (JSON.parse(checkpoint) as Checkpoint).sources.map(({ table }) => table);
}
