import { quoteLiteral } from "../../dialect/sql-text.ts";
import { type HashAlgorithm, hashAlgorithms } from "../../hash-algorithm.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName } from "./physical-table.ts";

/** Name of the table of ours that holds facts about a store. */
export const metaTable = "stemma_meta";

/** Records the hash algorithm of a store, if it isn't recorded yet. Within a transaction. */
export async function recordHash(session: EngineSession, algorithm: HashAlgorithm): Promise<void> {
  if ((await recordedAlgorithm(session)) !== undefined) return;
  await session.run(`CREATE TABLE IF NOT EXISTS ${qualifiedName(metaTable)} (name VARCHAR, value VARCHAR)`);
  await session.run(`INSERT INTO ${qualifiedName(metaTable)} VALUES ('hash', ${quoteLiteral(algorithm)})`);
}

/** The hash algorithm that a store has recorded, or one of its fallbacks, whose tables lie in `schema`. */
export async function recordedAlgorithm(
  session: EngineSession,
  schema?: string,
): Promise<HashAlgorithm | undefined> {
  const name = qualifiedName(metaTable, schema);
  if ((await session.columnsOf(name)) === undefined) return undefined;
  const [fact] = await session.rows(`SELECT value FROM ${name} WHERE name = 'hash'`);
  return hashAlgorithms.find((algorithm) => algorithm === fact?.["value"]);
}
