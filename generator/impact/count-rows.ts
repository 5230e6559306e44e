import { tableOf } from "../../runtime/columns/table-name.ts";
import type { Sandbox } from "../../runtime/engine/engine.ts";
import type { InputError, StoreError } from "../../runtime/errors.ts";
import type { RowCounts, TableForecast } from "../diff/index.ts";
import { featureFacts } from "../diff/model/feature-facts.ts";
import { workItemName } from "../diff/model/work-item-name.ts";
import type { Manifest, ManifestFeature } from "../manifest/index.ts";
import { planTraits } from "../plan/index.ts";
import type { ProjectModel } from "../resolve/project-model.ts";
import { ProjectSimulation } from "./project-simulation.ts";
import type { ProjectImpact, SimulatedFeature, StoredFeature } from "./simulated-feature.ts";
import { type CompiledProject, simulatedFeatures } from "./simulated-features.ts";
import { SimulationCatalog } from "./simulation-catalog.ts";

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

/** Further input of a simulation. */
export interface SimulationOptions {
  /** Features that the project no longer has: all of their rows are orphaned. */
  readonly removed?: readonly StoredFeature[];
  /** Stops the work; the call then rejects with the code `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Counts the work items that would be new, stale, orphaned and up to date, feature by feature, as if every upstream
 * feature had run.
 *
 * `features` are ordered upstream first. Nothing is written to the store: rows as a run would leave them go to the
 * database in memory of the sandbox. A feature without upstream work is resolved as usual; the others are resolved over
 * simulated rows.
 *
 * @throws InputError `cancelled`.
 */
export function simulateProject(
  sandbox: Sandbox,
  features: readonly SimulatedFeature[],
  { removed = [], signal }: SimulationOptions = {},
): Promise<ProjectImpact> {
  const store = new SimulationCatalog(sandbox, sandbox.stored, signal);
  const simulation = new SimulationCatalog(sandbox, sandbox.scratch, signal);
  return new ProjectSimulation(store, simulation, features, signal).count(removed);
}

/** The features of a manifest that the project no longer has. */
function removedFeatures(before: Manifest, { features }: ProjectModel): StoredFeature[] {
  const present = new Set(features.map(({ key }) => key));
  return Object.entries(before.features)
    .filter(([key]) => !present.has(key))
    .map(([key, feature]) => storedFeature(key, feature, before));
}

function storedFeature(key: string, feature: ManifestFeature, before: Manifest): StoredFeature {
  const { idColumns, featureVersion } = feature;
  const { grain } = featureFacts(feature, before);
  const columns = Object.entries(feature.columns).map(([name, column]) => [
    name,
    typeof column === "string" ? column : column.type,
  ]);
  return {
    key,
    table: tableOf(key),
    featureVersion,
    hashLength: before.hashLength,
    spec: { idColumns, columns: Object.fromEntries(columns) },
    plan: {
      grain,
      traits: planTraits({ idColumns, grain, lineages: feature.deps.map(({ lineage }) => lineage) }),
    },
  };
}
