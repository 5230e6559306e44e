import type { ChangeFacts } from "../rule.ts";

/** A column, or the part of it that changed: `box (properties.label)`. */
export function partOf({ subject, detail }: ChangeFacts): string {
  return detail === undefined ? `${subject}` : `${subject} (${detail})`;
}

/** What a column is instead of what it was. */
export function changeOf({ from, to }: ChangeFacts): string {
  return `is ${shown(to)} instead of ${shown(from)}`;
}

/** A value, a type or names, short enough to stand in a sentence. */
export function shown(text: string | undefined): string {
  if (text === undefined) return "any value";
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

const longest = 60;

/** What a dep renames that renames no column. */
export const noRename = "nothing";
