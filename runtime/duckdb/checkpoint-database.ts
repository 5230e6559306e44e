import { quoteIdentifier } from "../dialect/sql-text.ts";
import type { EngineSession } from "../engine/engine.ts";
import { isStemmaError } from "../errors.ts";

/**
 * Brings a database's log into its file, so that row ids move now and not under an increment that is resolved later:
 * a checkpoint compacts what was deleted. To be called after a hard delete, outside of a transaction.
 *
 * Gives whether it was done. While another connection writes, DuckDB refuses it, or compacts nothing: then row ids move
 * at a later checkpoint, and an increment that is open notices it.
 */
export async function checkpointDatabase(session: EngineSession): Promise<boolean> {
  const [current] = await session.rows("SELECT current_database() AS name");
  try {
    await session.run(`CHECKPOINT ${quoteIdentifier(String(current?.["name"]))}`);
    return true;
  } catch (error) {
    if (isStemmaError(error, "conflict")) return false;
    throw error;
  }
}
