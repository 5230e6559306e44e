import { setTimeout } from "node:timers/promises";
import { FeatureStore } from "../engine/feature-store.ts";
import type { StoreParts } from "../engine/open-store.ts";
import { storeAlgorithm } from "../engine/store-algorithm.ts";
import { StoreWarnings } from "../engine/store-warnings.ts";
import { InputError, isStemmaError, StoreError } from "../errors.ts";
import type { Project } from "../feature.ts";
import type { HashAlgorithm } from "../hash-algorithm.ts";
import type { Store } from "../store.ts";
import type { StoreWarning } from "../warning.ts";
import { locateFallbacks } from "./attach-fallbacks.ts";
import { DuckEngine, type OpenedDatabase } from "./duckdb-engine.ts";
import { type DuckSettings, orderSettings } from "./duckdb-settings.ts";
import { locateDatabase } from "./locate-database.ts";
import { openDatabase } from "./open-database.ts";
import { needsExtension } from "./sample-hash.ts";
import type { Session } from "./session.ts";

/** How a store is opened. */
export interface StoreOptions {
  /** Nothing can be written; several processes may read one file at a time. Default: false. */
  readonly readOnly?: boolean;
  /** How samples are hashed. Needed once, for a store that another program made; default md5. */
  readonly hash?: HashAlgorithm;
  /**
   * The project whose pipelines write here, as `generated/index.ts` exports it. Its version is stamped on rows; its features
   * say what is downstream of a sample.
   */
  readonly project?: Omit<Project, "features"> & Partial<Pick<Project, "features">>;
  /**
   * Settings of DuckDB: `memory_limit`, `threads`, `temp_directory`, … A store has those to itself that change which
   * values are equal, their order or their text.
   */
  readonly duckdb?: DuckSettings;
  /**
   * Files of other stores, asked in this order for features that this store lacks: whole features, and only to be read.
   * What is stored is compared in this store alone, so a feature that only a fallback has is new here. A fallback can't be
   * open for writing while this store is open.
   */
  readonly fallback?: readonly string[];
  /** How long to try again where another process holds the file. Default: not at all. */
  readonly retry?: { readonly seconds: number };
  /** Called with what is odd in the store, once for each table and code. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: StoreWarning) => void;
}

/**
 * Opens a store in a DuckDB database: a file, made where there is none, `:memory:`, or `:memory:name`, which all stores
 * of the process that name it share.
 *
 * @example
 * ```ts
 * await using store = await openStore("features.duckdb", { duckdb: { memory_limit: "4GB" } });
 * ```
 * @throws StoreError `database-locked`, `database-not-found`, `database-forbidden`, `database-unreadable`, `hash-unknown`,
 *   `hash-mismatch`, `hash-unavailable`; InputError `unsupported-database`, `unknown-option`, `wrong-type`.
 */
export async function openStore(database: string, options: StoreOptions = {}): Promise<Store> {
  const { opened, session, path, ...parts } = await openParts(database, options);
  const engine = new DuckEngine({ opened, session, path, algorithm: parts.algorithm });
  return new FeatureStore({ engine, ...parts });
}

/** What a store in a DuckDB database is made of. */
export interface OpenedStore extends OpenedDatabase, Omit<StoreParts, "engine"> {}

/** Opens what a store is made of. Throws as {@link openStore} does. */
export async function openParts(database: string, options: StoreOptions): Promise<OpenedStore> {
  assertOptions(options);
  const readOnly = options.readOnly ?? false;
  const settings = { ...orderSettings(options.duckdb), readOnly };
  const location = await locateDatabase(database);
  const fallbacks = await locateFallbacks(options.fallback ?? [], location);
  const opened = await retryWhileLocked(() => openDatabase(location, settings, fallbacks), options.retry);
  const session = await opened.connect();
  try {
    const algorithm = await storeAlgorithm(session, options.hash);
    await loadHash(session, algorithm);
    return {
      opened,
      session,
      path: location.key,
      databaseKey: location.key,
      database: location.name,
      readOnly,
      algorithm,
      projectVersion: options.project?.version,
      features: options.project?.features,
      warnings: new StoreWarnings(options.onWarning),
    };
  } catch (error) {
    await session.close();
    await opened.close();
    throw error;
  }
}

const knownOptions: ReadonlySet<string> = new Set<keyof StoreOptions>([
  "readOnly",
  "hash",
  "project",
  "duckdb",
  "fallback",
  "retry",
  "onWarning",
]);

function assertOptions(options: StoreOptions): void {
  const unknown = Object.keys(options).find((option) => !knownOptions.has(option));
  if (unknown === undefined) return;
  throw new InputError(
    "unknown-option",
    `openStore has no option ${JSON.stringify(unknown)}. It takes ${[...knownOptions].join(", ")}.`,
    { option: unknown },
  );
}

/** The first pause between two attempts to open a file, and the longest, in milliseconds. */
const pauses = { first: 50, longest: 1000 } as const;

/** Tries again while another process holds the file, until some seconds have passed. */
async function retryWhileLocked<T>(open: () => Promise<T>, retry: StoreOptions["retry"]): Promise<T> {
  if (retry === undefined) return open();
  const { seconds, ...others } = retry;
  if (!(Number.isFinite(seconds) && seconds >= 0) || Object.keys(others).length > 0) {
    throw new InputError(
      "wrong-type",
      `retry takes how many seconds to try again: { seconds: 30 }, not ${JSON.stringify(retry)}.`,
      { option: "retry" },
    );
  }
  const end = performance.now() + seconds * 1000;
  for (let pause: number = pauses.first; ; pause = Math.min(pause * 2, pauses.longest)) {
    try {
      return await open();
    } catch (error) {
      const left = end - performance.now();
      // A store of this process with other settings stays open as long as its owner likes.
      if (!isStemmaError(error, "database-locked") || error.facts["sameProcess"] === true || left <= 0)
        throw error;
      await setTimeout(Math.min(left, pause * (0.5 + Math.random())));
    }
  }
}

/** Loads what an algorithm needs beyond DuckDB itself. */
async function loadHash(session: Session, algorithm: HashAlgorithm): Promise<void> {
  if (!needsExtension(algorithm)) return;
  try {
    await session.run("LOAD hashfuncs");
  } catch (error) {
    throw new StoreError(
      "hash-unavailable",
      `${session.database} hashes with ${algorithm}, which needs DuckDB's extension hashfuncs, and it can't be loaded. Install it once with "INSTALL hashfuncs FROM community" in DuckDB.`,
      { algorithm },
      error,
    );
  }
}
