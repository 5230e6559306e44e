/** The filter language: text → checked filter, which a dialect prints as SQL. Used by the compiler (`where`) and by the runtime. */

import type { ColumnType } from "../columns/column-type.ts";
import { bindFilter } from "./bind-filter.ts";
import type { BoundFilter } from "./bound-filter.ts";
import type { FilterResult } from "./filter-problem.ts";
import { parseFilter } from "./parse-filter.ts";

export { type BoundFilter, boundColumns, type TypedLiteral } from "./bound-filter.ts";
export type { FilterSpan } from "./filter-expression.ts";
export type { FilterProblem, FilterProblemCode, FilterResult } from "./filter-problem.ts";

/**
 * Reads a filter and checks it against the columns that it may name.
 *
 * @param columns type of each column, under the name that the filter uses
 * @example
 * ```ts
 * const filter = compileFilter("size > 10", new Map([["size", { kind: "scalar", name: "BIGINT" }]]));
 * if (filter.ok) printFilter(filter.value, printer);
 * else for (const { message, at, hint } of filter.problems) report(message, at, hint);
 * ```
 */
export function compileFilter(
  text: string,
  columns: ReadonlyMap<string, ColumnType>,
): FilterResult<BoundFilter> {
  const parsed = parseFilter(text);
  return parsed.ok ? bindFilter(parsed.value, columns) : parsed;
}
