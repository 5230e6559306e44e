export type { DuckSettings } from "./connection/duckdb-settings.ts";
export type { HashAlgorithm } from "./connection/sample-hash.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export { type RehearsalOptions, rehearse } from "./rehearsal/rehearse.ts";
export type { Rehearsal, RehearsedFeature, UnitCounts } from "./rehearsal/rehearsed-feature.ts";
