/** A location in a source file, as editors count it. */
export interface Location {
  /** Path relative to the project, with `/`. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 units. */
  readonly column: number;
}

/** A location, and how much of its line to underline. */
export interface SourceSpan extends Location {
  /** In UTF-16 units; never beyond the end of the line. */
  readonly length: number;
}

/** The form that editors and terminals link: `file:line:column`. */
export function formatLocation({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}
