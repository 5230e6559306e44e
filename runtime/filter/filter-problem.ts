import type { FilterSpan } from "./filter-expression.ts";

/** What is wrong with a filter: how it is written, a name in it, or types that don't fit. */
export type FilterProblemCode = "filter-syntax" | "unknown-column" | "filter-type";

/** A problem of a filter. */
export interface FilterProblem {
  readonly code: FilterProblemCode;
  /** The rule and the offending value, in one sentence. */
  readonly message: string;
  readonly at: FilterSpan;
  /** How to fix it. */
  readonly hint?: string;
  /** The column that the message speaks of, as the filter names it. */
  readonly name?: string;
  /** The type of that column, as generated modules print it. */
  readonly type?: string;
}

/** A value, or all problems that prevent it. */
export type FilterResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FilterProblem[] };

/** The text of a problem, before it has a location. */
export interface Wording {
  readonly message: string;
  readonly hint?: string;
}

/** A name in double quotes, as a filter may have it. */
export function quoteColumn(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The most of a user's text that a message repeats. */
const quotedLength = 60;

/** Cuts a piece of a filter to a length that fits into a message. */
export function excerpt(text: string): string {
  const characters = [...text.slice(0, 2 * quotedLength)];
  return characters.length > quotedLength || text.length > 2 * quotedLength
    ? `${characters.slice(0, quotedLength).join("")}…`
    : text;
}
