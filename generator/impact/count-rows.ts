import type { Sandbox } from "../../runtime/engine/engine.ts";
import type { InputError, StoreError } from "../../runtime/errors.ts";
import type { RowCounts, TableForecast } from "../diff/index.ts";
import { featureFacts } from "../diff/model/feature-facts.ts";
import { workItemName } from "../diff/model/work-item-name.ts";
import type { Manifest } from "../manifest/index.ts";
import { removedFeatures } from "./removed-features.ts";
import { simulateProject } from "./simulate-project.ts";
import { type CompiledProject, simulatedFeatures } from "./simulated-features.ts";

/** A project whose work items are counted. */
export interface CountedProject extends CompiledProject {
  /** Its former manifest: features that the project no longer has are counted too. */
  readonly before?: Manifest;
}

/** Work items of features, by key. Every feature is either in `rows` or in `refused`. */
export interface CountedRows {
  readonly rows: ReadonlyMap<string, RowCounts>;
  /** The changes that tables need under the specs, by feature; a table that needs none is absent. */
  readonly tables: ReadonlyMap<string, TableForecast>;
  /**
   * Features that can't be resolved against this store, and those downstream of them: a table lacks an id column, or a
   * required upstream was never written. The message says what is wrong, and what to do.
   */
  readonly refused: ReadonlyMap<string, InputError | StoreError>;
}

/** The noun for a work item of each feature, by its key. */
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
 * Counts the work items of every feature of a compiled project against a store: those that would be new, stale, orphaned
 * and up to date under its definitions, each feature as if all upstream features had run.
 *
 * @example
 * ```ts
 * const sandbox = await openSandbox("features.duckdb");
 * const { rows } = await countRows({ model, versions, hashLength: 64 }, sandbox);
 * rows.get("video/chunk"); // { workItem: "video", new: 3, stale: 0, orphaned: 0, upToDate: 0, upperBound: true }
 * ```
 * @throws InputError `cancelled`.
 */
export async function countRows(
  project: CountedProject,
  sandbox: Sandbox,
  signal?: AbortSignal,
): Promise<CountedRows> {
  const { counts, tables, refused } = await simulateProject(sandbox, simulatedFeatures(project), {
    signal,
    ...(project.before === undefined ? {} : { removed: removedFeatures(project.before, project.model) }),
  });
  const workItemNouns = workItemNames(project);
  const rows = [...counts].map(
    ([key, feature]) => [key, { workItem: workItemNouns.get(key) ?? "row", ...feature }] as const,
  );
  return { rows: new Map(rows), tables, refused };
}
