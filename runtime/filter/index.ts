/** The filter language: text → checked filter → SQL. Used by the compiler (`where`) and by the runtime. */

export { type FilterPrinter, printFilter, quotedLiteral } from "../dialect/print-filter.ts";
export type { BoundFilter, TypedLiteral } from "./bound-filter.ts";
export { compileFilter } from "./compile-filter.ts";
export type { FilterSpan } from "./filter-expression.ts";
export type { FilterProblem, FilterProblemCode, FilterResult } from "./filter-problem.ts";
