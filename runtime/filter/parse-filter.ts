import type { FilterExpression } from "./filter-expression.ts";
import { FilterParser } from "./filter-parser.ts";
import type { FilterResult } from "./filter-problem.ts";
import { tokenizeFilter } from "./tokenize-filter.ts";

/**
 * Reads a filter, without looking at columns or types. Gives the first problem only: what follows it is guesswork.
 *
 * @example
 * ```ts
 * parseFilter("size > 10 AND kind IN ('audio', 'video')");
 * ```
 */
export function parseFilter(text: string): FilterResult<FilterExpression> {
  return new FilterParser(tokenizeFilter(text)).parseWhole();
}
