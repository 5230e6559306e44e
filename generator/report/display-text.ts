import { eastAsianWidth } from "get-east-asian-width";

let segmenter: Intl.Segmenter | undefined;

/** Characters of one cell each, whatever their neighbours. */
const plain = /^[ -~·…←→]*$/;

/**
 * The number of terminal cells that a text occupies.
 *
 * @example
 * ```ts
 * displayWidth("字a"); // 3
 * ```
 */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  // Created on first use: that takes 20 ms.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2;
  if (/^[\p{M}\p{Cf}]+$/u.test(grapheme)) return 0;
  return eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

/** Characters that move the cursor, end a line or change the direction of writing; and lone surrogates. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\p{Surrogate}]/gu;

/** A source line that a terminal can print. Every UTF-16 unit stays one, so that columns still count. */
export function printableLine(line: string): string {
  return line.replaceAll("\t", " ").replace(unprintable, "\ufffd");
}

/** A sentence that a terminal can print: control characters are escaped. */
export function printableText(text: string): string {
  return text.replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Breaks a text between words, at spaces or between the given parts. Words longer than the width stay whole, so that
 * locations remain links.
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

/** A text on one line, truncated to a number of characters, with control characters escaped. */
export function oneLine(text: string, length: number): string {
  return printableText(truncate(text, length).replaceAll(/\r?\n|\t/g, " "));
}

function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text.slice(0, 2 * length + 2)];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}
