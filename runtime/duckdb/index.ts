export type { DuckSettings } from "./connection/duckdb-settings.ts";
export type { HashAlgorithm } from "./connection/sample-hash.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export { type SimulationOptions, simulateProject } from "./rehearsal/simulate-project.ts";
export type { ProjectImpact, SimulatedFeature, WorkItemCounts } from "./rehearsal/simulated-feature.ts";
