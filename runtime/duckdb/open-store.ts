import type { Store } from "../store.ts";
import type { StoreWarning } from "../warning.ts";
import { storeAlgorithm } from "./connection/hash-record.ts";
import { type DuckSettings, databasePlace, openInstance } from "./connection/instances.ts";
import { loadHash } from "./connection/load-hash.ts";
import type { HashAlgorithm } from "./connection/sample-hash.ts";
import { Session } from "./connection/session.ts";
import { DuckStore, type StoreParts } from "./duck-store.ts";
import { StoreWarnings } from "./store-warnings.ts";

/** How a store is opened. */
export interface StoreOptions {
  /** Nothing can be written; several processes may read one file at a time. Default: false. */
  readonly readOnly?: boolean;
  /** How samples are hashed. Needed once, for a store that another program made; default md5. */
  readonly hash?: HashAlgorithm;
  /** The project whose pipelines write here, as `generated/index.ts` exports it: its version is stamped on rows. */
  readonly project?: { readonly name: string; readonly version: string };
  /** Settings of DuckDB: `memory_limit`, `threads`, `temp_directory`, … */
  readonly duckdb?: DuckSettings;
  /** Called with what is odd in the store, once for each table and code. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: StoreWarning) => void;
}

/**
 * Opens a store in a DuckDB database: a file, made where there is none, or `:memory:`.
 *
 * @example
 * ```ts
 * await using store = await openStore("features.duckdb", { duckdb: { memory_limit: "4GB" } });
 * ```
 * @throws StoreError `database-locked`, `database-not-found`, `database-unreadable`, `hash-unknown`, `hash-mismatch`,
 *   `hash-unavailable`.
 */
export async function openStore(database: string, options: StoreOptions = {}): Promise<Store> {
  return new DuckStore(await openParts(database, options));
}

/** Opens what a store is made of. Throws as {@link openStore} does. */
export async function openParts(database: string, options: StoreOptions): Promise<StoreParts> {
  const place = await databasePlace(database);
  const readOnly = options.readOnly ?? false;
  const settings = { ...options.duckdb, ...(readOnly ? { access_mode: "READ_ONLY" } : {}) };
  const instance = await openInstance(place, settings);
  const session = new Session(await instance.connect(), place.name);
  try {
    await session.run("SET GLOBAL TimeZone = 'UTC'");
    const algorithm = await storeAlgorithm(session, options.hash);
    await loadHash(session, algorithm);
    return {
      instance,
      session,
      path: place.key,
      database: place.name,
      readOnly,
      algorithm,
      projectVersion: options.project?.version,
      warnings: new StoreWarnings(options.onWarning),
    };
  } catch (error) {
    await session.close();
    instance.closeSync();
    throw error;
  }
}
