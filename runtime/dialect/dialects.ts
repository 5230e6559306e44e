import type { EngineName } from "../contract.ts";
import type { Dialect } from "./dialect.ts";
import { duckdbDialect } from "./duckdb.ts";

/** The dialect of each engine for which modules can hold SQL. */
export const dialects: { readonly [engine in EngineName]: Dialect } = { duckdb: duckdbDialect };

/** The engines that have a dialect. */
export const engineNames: readonly EngineName[] = Object.keys(dialects) as EngineName[];
