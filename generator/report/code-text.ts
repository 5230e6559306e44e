import type { PrintName } from "./list-names.ts";

/** A command or a piece of code in a sentence: in backticks, also where names stand without. */
export function codeText(text: string, print: PrintName): string {
  const printed = print(text);
  return printed === text ? `\`${text}\`` : printed;
}
