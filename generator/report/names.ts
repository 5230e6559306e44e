import { joinWords } from "../diagnostics/quote-value.ts";

/** Prints a name: as it is, or as code. */
export type PrintName = (name: string) => string;

/**
 * Names in a sentence, truncated where there are many.
 *
 * @example
 * ```ts
 * listNames(["a", "b", "c", "d"], String, 3); // "a, b and 2 more"
 * ```
 */
export function listNames(names: readonly string[], print: PrintName, maxNames = 5): string {
  const listed = names.length <= maxNames ? names : names.slice(0, maxNames - 1);
  const omitted = names.length - listed.length;
  const words = [...listed.map(print), ...(omitted > 0 ? [`${omitted} more`] : [])];
  return joinWords(words, "and");
}

/** A command or a piece of code in a sentence: in backticks, also where names have none. */
export function codeText(text: string, print: PrintName): string {
  const printed = print(text);
  return printed === text ? `\`${text}\`` : printed;
}

/** A number of things: `1 field`, `2,700 fields`. */
export function count(number: number, noun: string): string {
  return `${digits(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A number with separators: `1,250,000`. */
export function digits(number: number): string {
  return `${number}`.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
