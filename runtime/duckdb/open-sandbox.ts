import { quoteIdentifier } from "../dialect/sql-text.ts";
import type { Sandbox, SandboxDatabase } from "../engine/engine.ts";
import { type OpenedStore, openParts, type StoreOptions } from "./open-store.ts";
import { defineMacros } from "./sample-hash.ts";

/** Name of the database in memory. */
const scratchDatabase = "stemma_scratch";

/**
 * Opens a store read-only, with an empty database in memory beside it. What does not fit into memory goes to the
 * `temp_directory` of the option `duckdb`; without one, DuckDB takes a folder beside the database.
 *
 * @throws StoreError as `openStore` does.
 */
export async function openSandbox(
  database: string,
  options: Pick<StoreOptions, "hash" | "duckdb"> = {},
): Promise<Sandbox> {
  const store = await openParts(database, { ...options, readOnly: true });
  const close = async () => {
    await store.session.close();
    await store.opened.close();
  };
  try {
    const [stored] = await store.session.rows("SELECT current_database() AS name");
    await store.session.run(`ATTACH ':memory:' AS ${quoteIdentifier(scratchDatabase)} (READ_WRITE)`);
    return {
      database: store.database,
      algorithm: store.algorithm,
      stored: sandboxDatabase(store, String(stored?.["name"])),
      scratch: sandboxDatabase(store, scratchDatabase),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Both databases are attached to one instance, so each sees the other by its full name. */
function sandboxDatabase({ opened, algorithm }: OpenedStore, name: string): SandboxDatabase {
  return {
    nameOf: (table) => `${quoteIdentifier(name)}.main.${quoteIdentifier(table)}`,
    connect: async (hashLength) => {
      const session = await opened.connect();
      try {
        await session.run(`USE ${quoteIdentifier(name)}`);
        await defineMacros(session, algorithm, hashLength);
        return session;
      } catch (error) {
        await session.close();
        throw error;
      }
    },
  };
}
