export type { HashAlgorithm } from "../hash-algorithm.ts";
export type { DuckSettings } from "./duckdb-settings.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
