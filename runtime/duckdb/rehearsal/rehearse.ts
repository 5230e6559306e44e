import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import type { DuckSettings } from "../connection/duckdb-settings.ts";
import type { HashAlgorithm } from "../connection/sample-hash.ts";
import { openParts } from "../open-store.ts";
import { FeatureWalk } from "./feature-walk.ts";
import type { Rehearsal, RehearsedFeature } from "./rehearsed-feature.ts";
import { withSpillFolder } from "./spill-folder.ts";
import { Stage } from "./stage.ts";

/** How a store is opened for a rehearsal, and what else is counted. */
export interface RehearsalOptions {
  /** As `openStore` takes it. */
  readonly hash?: HashAlgorithm;
  /** Settings of DuckDB. What does not fit into memory goes to a folder of its own, unless `temp_directory` is given. */
  readonly duckdb?: DuckSettings;
  /** Features that are no longer there: all of their rows are orphaned. */
  readonly removed?: readonly AnyFeature[];
  /** Stops the work; the call then rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Name of the database in memory. */
const catalog = "stemma_rehearsal";

/**
 * Counts what would be new, stale, orphaned and untouched, feature by feature, as if every feature above had run.
 *
 * `features` stand upstream first. The store is opened read-only, and nothing is written to it or beside it: rows as
 * they would be after a run stand in a database in memory. A feature with nothing to run above it is resolved
 * as usual; the others are resolved over rehearsed rows.
 *
 * @throws StoreError as `openStore` does; InputError `cancelled`.
 */
export async function rehearse(
  database: string,
  features: readonly RehearsedFeature[],
  { hash, duckdb, removed = [], signal }: RehearsalOptions = {},
): Promise<Rehearsal> {
  return withSpillFolder(async (folder) => {
    const parts = await openParts(database, {
      readOnly: true,
      duckdb: { temp_directory: folder, ...duckdb },
      ...(hash === undefined ? {} : { hash }),
    });
    try {
      const [stored] = await parts.session.rows("SELECT current_database() AS name");
      await parts.session.run(`ATTACH ':memory:' AS ${quoteName(catalog)} (READ_WRITE)`);
      const store = new Stage(parts, String(stored?.["name"]), signal);
      const rehearsal = new Stage(parts, catalog, signal);
      return await new FeatureWalk(store, rehearsal, features, signal).count(removed);
    } finally {
      await parts.session.close();
      parts.opened.close();
    }
  });
}
