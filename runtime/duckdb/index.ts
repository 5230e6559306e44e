export type { DuckSettings } from "./duckdb-settings.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export type { HashAlgorithm } from "./sample-hash.ts";
