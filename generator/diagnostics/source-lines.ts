/** The end of a line, as editors count lines. */
export const lineEnd: RegExp = /\r\n|\r|\n/g;

/** The lines of a text, without their ends. */
export function splitLines(text: string): string[] {
  return text.split(lineEnd);
}

/** A text without its byte order mark, which no editor counts as a column. */
export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}
