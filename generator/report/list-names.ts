import { joinWords } from "../diagnostics/quote-value.ts";

/** How a name is printed: as it is, or as code. */
export type PrintName = (name: string) => string;

/** Names in a sentence, cut where there are many: `a, b, c and 5 more`. */
export function listNames(names: readonly string[], print: PrintName, maxNames = 5): string {
  const listed = names.length <= maxNames ? names : names.slice(0, maxNames - 1);
  const omitted = names.length - listed.length;
  const words = [...listed.map(print), ...(omitted > 0 ? [`${omitted} more`] : [])];
  return joinWords(words, "and");
}
