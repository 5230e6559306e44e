import { useSandbox } from "../../generator/cli/stores.ts";
import {
  type CountedProject,
  type CountedRows,
  countRows,
  simulateProject,
} from "../../generator/impact/count-rows.ts";
import type { ProjectImpact, SimulatedFeature } from "../../generator/impact/simulated-feature.ts";
import type { HashAlgorithm } from "../../runtime/hash-algorithm.ts";

/** Counts the work items of a project against the store at a path. */
export function countRowsAt(
  project: CountedProject,
  database: { readonly path: string; readonly hash?: HashAlgorithm },
  signal?: AbortSignal,
): Promise<CountedRows> {
  const { path, ...options } = database;
  return useSandbox({ database: path, ...options }, (sandbox) => countRows(project, sandbox, signal));
}

/** Simulates features against the store at a path. */
export function simulateAt(path: string, features: readonly SimulatedFeature[]): Promise<ProjectImpact> {
  return useSandbox({ database: path }, (sandbox) => simulateProject(sandbox, features));
}
