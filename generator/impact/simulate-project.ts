import type { Sandbox } from "../../runtime/engine/engine.ts";
import { ProjectSimulation } from "./project-simulation.ts";
import type { ProjectImpact, SimulatedFeature, StoredFeature } from "./simulated-feature.ts";
import { SimulationCatalog } from "./simulation-catalog.ts";

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
