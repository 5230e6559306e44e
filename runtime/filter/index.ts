/** The filter language: text → checked filter, which a dialect prints as SQL. Used by the compiler (`where`) and by the runtime. */

export { type BoundFilter, boundColumns, type TypedLiteral } from "./bound-filter.ts";
export { compileFilter } from "./compile-filter.ts";
export type { FilterSpan } from "./filter-expression.ts";
export type { FilterProblem, FilterProblemCode, FilterResult } from "./filter-problem.ts";
