import { showableSentence } from "../diagnostics/display-text.ts";

/** A text of others on one line, cut after so many characters; what cannot be seen is written by its number. */
export function oneLine(value: string, length: number): string {
  return showableSentence(clip(value, length).replaceAll(/\r?\n|\t/g, " "));
}

function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text.slice(0, 2 * length + 2)];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}
