/** What ends a line, as editors count lines. */
export const lineEnd: RegExp = /\r\n|\r|\n/g;

/** The lines of a text, without their ends. */
export function splitLines(text: string): string[] {
  return text.split(lineEnd);
}

/** A text without the mark that some editors on Windows put before it, and that no editor counts as a column. */
export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}
