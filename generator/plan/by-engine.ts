import type { EngineName } from "../../runtime/contract.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { dialects } from "../../runtime/dialect/dialects.ts";

/** The engines of a project that names none. */
export const defaultEngines: readonly EngineName[] = ["duckdb"];

/** Prints something once per engine, in its dialect. */
export function byEngine<Printed>(
  engines: readonly EngineName[],
  print: (dialect: Dialect) => Printed,
): { readonly [engine in EngineName]?: Printed } {
  return Object.fromEntries(engines.map((engine) => [engine, print(dialects[engine])]));
}
