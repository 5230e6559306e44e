import type { DuckSettings, HashAlgorithm } from "../../runtime/duckdb/index.ts";
import type { InputError, StoreError } from "../../runtime/errors.ts";
import type { RowCounts, TableForecast } from "../diff/index.ts";
import { featureFacts } from "../diff/model/feature-facts.ts";
import { workItemName } from "../diff/model/work-item-name.ts";
import type { Manifest } from "../manifest/index.ts";
import { removedFeatures } from "./removed-features.ts";
import { type CompiledProject, simulatedFeatures } from "./simulated-features.ts";

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
  /** What tables need under the specs, by feature; those that need nothing are not there. */
  readonly tables: ReadonlyMap<string, TableForecast>;
  /**
   * Features that can't be resolved against this store, or that read one that can't: a table that lacks an id column, a
   * required upstream that was never written. The message says what is wrong, and what to do.
   */
  readonly refused: ReadonlyMap<string, InputError | StoreError>;
}

/** What the units of work of each feature are called, by its key. */
function workItemNames({ model, before }: CountedProject): ReadonlyMap<string, string> {
  const removed = Object.entries(before?.features ?? {}).map(([key, feature]) => {
    const grain = before === undefined ? [] : featureFacts(feature, before).grain;
    const upstream = feature.deps.map((dep) => dep.feature);
    return [key, workItemName({ grain, idColumns: feature.idColumns, key, upstream })] as const;
  });
  const present = model.features.map((feature) => {
    const idColumns = feature.idColumns.map(({ name }) => name);
    const upstream = feature.deps.map((dep) => dep.feature.key);
    return [
      feature.key,
      workItemName({ grain: feature.grain, idColumns, key: feature.key, upstream }),
    ] as const;
  });
  return new Map([...removed, ...present]);
}

/**
 * Counts units of work of every feature of a compiled project against a store, read-only: what would be new, stale,
 * orphaned and up to date under its definitions, each feature as if those above had run.
 *
 * @example
 * ```ts
 * const { rows } = await countRows({ model, versions, hashLength: 64 }, { path: "features.duckdb" });
 * rows.get("video/chunk"); // { unit: "video", new: 3, stale: 0, orphaned: 0, untouched: 0, upperBound: true }
 * ```
 * @throws StoreError where the store can't be opened (`openStore` names the codes); InputError `cancelled`.
 */
export async function countRows(
  project: CountedProject,
  { path, ...options }: CountedDatabase,
  signal?: AbortSignal,
): Promise<CountedRows> {
  const { simulateProject } = await import("./simulate-project.ts");
  const { counts, tables, refused } = await simulateProject(path, simulatedFeatures(project), {
    ...options,
    ...(signal === undefined ? {} : { signal }),
    ...(project.before === undefined ? {} : { removed: removedFeatures(project.before, project.model) }),
  });
  const workItemNouns = workItemNames(project);
  const rows = [...counts].map(
    ([key, feature]) => [key, { workItem: workItemNouns.get(key) ?? "row", ...feature }] as const,
  );
  return { rows: new Map(rows), tables, refused };
}
