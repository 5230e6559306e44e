import { joinWords } from "../../diagnostics/quote-value.ts";

/** How a name is printed: as it is, or as code. */
export type PrintName = (name: string) => string;

/** Names in a sentence, cut where there are many: `a, b, c and 5 more`. */
export function listNames(names: readonly string[], print: PrintName, most = 5): string {
  const shown = names.length <= most ? names : names.slice(0, most - 1);
  const left = names.length - shown.length;
  const words = [...shown.map(print), ...(left > 0 ? [`${left} more`] : [])];
  return joinWords(words, "and");
}
