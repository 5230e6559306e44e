import type { DuckSettings, HashAlgorithm } from "../../../runtime/duckdb/index.ts";
import type { InputError, StoreError } from "../../../runtime/errors.ts";
import type { RowCounts } from "../../diff/index.ts";
import type { Manifest } from "../../manifest/index.ts";
import { type CompiledProject, rehearsedFeatures } from "./rehearsed-features.ts";
import { removedFeatures } from "./removed-features.ts";

/** A project whose rows are counted. */
export interface CountedProject extends CompiledProject {
  /** What it was before: features that it no longer has are counted too. */
  readonly before?: Manifest;
}

/** The database of a store, and how it is opened. */
export interface CountedDatabase {
  readonly path: string;
  /** Needed for a store that another program made: it does not say how its samples are hashed. */
  readonly hash?: HashAlgorithm;
  /** Settings of DuckDB: `memory_limit`, `threads`, … */
  readonly duckdb?: DuckSettings;
}

/** Rows of features, by key. Every feature is in one of the two. */
export interface CountedRows {
  readonly rows: ReadonlyMap<string, RowCounts>;
  /**
   * Features that can't be resolved against this store, or that read one that can't: a table that lacks an id column, a
   * required upstream that was never written. The message says what is wrong, and what to do.
   */
  readonly refused: ReadonlyMap<string, InputError | StoreError>;
}

/**
 * Counts rows of every feature of a compiled project against a store, read-only: what would be new, stale, orphaned and
 * untouched under its definitions, each feature as if those above had run.
 *
 * @example
 * ```ts
 * const { rows } = await countRows({ model, versions, hashLength: 64 }, { path: "features.duckdb" });
 * rows.get("video/chunk"); // { new: 3, stale: 0, orphaned: 0, untouched: 0, upperBound: true }
 * ```
 * @throws StoreError where the store can't be opened (`openStore` names the codes); InputError `cancelled`.
 */
export async function countRows(
  project: CountedProject,
  { path, ...options }: CountedDatabase,
  signal?: AbortSignal,
): Promise<CountedRows> {
  const { rehearse } = await import("../../../runtime/duckdb/index.ts");
  const { counts, refused } = await rehearse(path, rehearsedFeatures(project), {
    ...options,
    ...(signal === undefined ? {} : { signal }),
    ...(project.before === undefined ? {} : { removed: removedFeatures(project.before, project.model) }),
  });
  return { rows: counts, refused };
}
