import { displayWidth } from "./display-text.ts";

/**
 * Breaks a text between words, at blanks or where they are given. Words that are longer than the width stay whole, so
 * that places can be followed.
 */
export function wrapText(
  text: string,
  width: number,
  words: readonly string[] = text.split(" "),
): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    const isFull = last !== undefined && last.trim() !== "" && displayWidth(longer.trimEnd()) > width;
    if (last === undefined || isFull) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trimEnd());
}
