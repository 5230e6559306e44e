import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { DuckSettings } from "../../runtime/duckdb/duckdb-settings.ts";
import { openParts } from "../../runtime/duckdb/open-store.ts";
import type { HashAlgorithm } from "../../runtime/hash-algorithm.ts";
import { ProjectSimulation } from "./project-simulation.ts";
import type { ProjectImpact, SimulatedFeature, StoredFeature } from "./simulated-feature.ts";
import { SimulationCatalog } from "./simulation-catalog.ts";

/** How a store is opened for a rehearsal, and what else is counted. */
export interface SimulationOptions {
  /** As `openStore` takes it. */
  readonly hash?: HashAlgorithm;
  /** Settings of DuckDB. What does not fit into memory goes to a folder of its own, unless `temp_directory` is given. */
  readonly duckdb?: DuckSettings;
  /** Features that are no longer there: all of their rows are orphaned. */
  readonly removed?: readonly StoredFeature[];
  /** Stops the work; the call then rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Name of the database in memory. */
const catalog = "stemma_simulation";

/**
 * Counts what would be new, stale, orphaned and untouched, feature by feature, as if every feature above had run.
 *
 * `features` stand upstream first. The store is opened read-only, and nothing is written to it or beside it: rows as
 * they would be after a run stand in a database in memory. A feature with nothing to run above it is resolved
 * as usual; the others are resolved over rehearsed rows.
 *
 * @throws StoreError as `openStore` does; InputError `cancelled`.
 */
export async function simulateProject(
  database: string,
  features: readonly SimulatedFeature[],
  { hash, duckdb, removed = [], signal }: SimulationOptions = {},
): Promise<ProjectImpact> {
  return withSpillFolder(async (folder) => {
    const parts = await openParts(database, {
      readOnly: true,
      duckdb: { temp_directory: folder, ...duckdb },
      ...(hash === undefined ? {} : { hash }),
    });
    try {
      const [stored] = await parts.session.rows("SELECT current_database() AS name");
      await parts.session.run(`ATTACH ':memory:' AS ${quoteIdentifier(catalog)} (READ_WRITE)`);
      const store = new SimulationCatalog(parts, String(stored?.["name"]), signal);
      const simulation = new SimulationCatalog(parts, catalog, signal);
      return await new ProjectSimulation(store, simulation, features, signal).count(removed);
    } finally {
      await parts.session.close();
      parts.opened.close();
    }
  });
}

/**
 * Runs work with a folder for what does not fit into memory, which is removed afterwards.
 *
 * DuckDB's own choice is a folder beside the database, and nothing may appear there.
 */
async function withSpillFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "stemma-rows-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
