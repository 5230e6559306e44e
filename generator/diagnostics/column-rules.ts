import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type Suggestion } from "./did-you-mean.ts";
import { quoteList, quoteValue } from "./quote-value.ts";

/** Facts of diagnostics about columns and their schemas. */
export interface ColumnFacts {
  "reserved-column-name": { readonly name: string; readonly reserved: ReservedName };
  "bad-column-name": { readonly name: string; readonly problem: string };
  "names-differ-in-case": { readonly name: string; readonly other: string };
  "required-unknown": Suggestion & { readonly name: string };
  /** `types`: the types of the schema, empty without a `type`; `belongsTo`: the types that allow the keyword. */
  "misplaced-keyword": {
    readonly keyword: string;
    readonly types: readonly string[];
    readonly belongsTo: readonly string[];
  };
  "contradictory-bounds": { readonly lower: Bound; readonly upper: Bound };
  "value-against-schema": { readonly keyword: string; readonly value: unknown; readonly reason: string };
  "unsafe-integer": { readonly value: number };
  "enum-without-null": Readonly<Record<never, never>>;
  "bad-pattern": { readonly pattern: string; readonly detail: string };
  "constraint-not-enforced": { readonly keyword: string; readonly reason: string; readonly instead: string };
  "pattern-unsupported": {
    readonly pattern: string;
    readonly construct: string;
    readonly engine: string;
    readonly instead: string | undefined;
  };
}

/** Why a name is reserved: its prefix belongs to the system, or the database uses the name. */
export type ReservedName =
  | { readonly kind: "prefix"; readonly prefix: string }
  | { readonly kind: "name"; readonly reason: string };

/** A keyword that bounds a value. */
export interface Bound {
  readonly keyword: string;
  readonly value: number;
}

/** Messages of diagnostics about columns and their schemas. */
export const columnRules: DiagnosticRules<ColumnFacts> = {
  "reserved-column-name": {
    severity: "error",
    message: ({ name, reserved }) =>
      `${quoteValue(name)} is a reserved name: ${reserved.kind === "prefix" ? `${reserved.prefix} names belong to the system` : reserved.reason}.`,
    hint: () => "Choose another name.",
  },
  "bad-column-name": {
    severity: "error",
    message: ({ name, problem }) => `${quoteValue(name)} can't be the name of a column: ${problem}.`,
    hint: () => "Choose another name.",
  },
  "names-differ-in-case": {
    severity: "error",
    message: ({ name, other }) =>
      `${quoteValue(name)} and ${quoteValue(other)} differ only in case, which DuckDB ignores.`,
    hint: () => "Rename one of the two.",
  },
  "required-unknown": {
    severity: "error",
    message: ({ name }) => `${quoteValue(name)} is required but not among the "properties".`,
    hint: (facts) => didYouMean(facts) ?? "Declare it there, or remove it here.",
  },
  "misplaced-keyword": {
    severity: "error",
    message: ({ keyword, types, belongsTo }) =>
      types.length === 0
        ? `${quoteValue(keyword)} needs a "type": it applies to ${quoteList(belongsTo, "or")} only.`
        : `${quoteValue(keyword)} does not apply to ${quoteList(types, "or")}, only to ${quoteList(belongsTo, "or")}.`,
    hint: ({ types, belongsTo }) =>
      types.length === 0 ? `Add "type": ${quoteValue(belongsTo[0])}.` : "Remove it, or change the type.",
  },
  "contradictory-bounds": {
    severity: "error",
    message: ({ lower, upper }) =>
      `No value satisfies both ${quoteValue(lower.keyword)}: ${lower.value} and ${quoteValue(upper.keyword)}: ${upper.value}.`,
    hint: () => "Swap or change them.",
  },
  "value-against-schema": {
    severity: "error",
    message: ({ keyword, value, reason }) =>
      `In ${quoteValue(keyword)}, ${quoteValue(value)} does not satisfy the schema: ${reason}.`,
    hint: () => "Correct the value or the schema.",
  },
  "unsafe-integer": {
    severity: "error",
    message: ({ value }) =>
      `${value} is too large for an integer column: integers beyond 9007199254740991 are not exact.`,
    hint: () => 'Add "format": "int64": such a column is a bigint.',
  },
  "enum-without-null": {
    severity: "warning",
    message: () => 'The "type" allows null, but the "enum" does not list it.',
    hint: () => 'Add null to the "enum", or remove "null" from the "type"; the column is nullable.',
  },
  "bad-pattern": {
    severity: "warning",
    message: ({ pattern, detail }) =>
      `The pattern ${quoteValue(pattern)} is not enforced: JavaScript rejects it (${detail}).`,
    hint: () =>
      'Escape special characters by a backslash, which JSON writes twice: "\\\\(" matches a bracket.',
  },
  "pattern-unsupported": {
    severity: "warning",
    message: ({ pattern, construct, engine }) =>
      `The pattern ${quoteValue(pattern)} is not enforced: ${engine} can't run ${construct}.`,
    hint: ({ instead }) =>
      instead ?? "To have it enforced, use only what both JavaScript and DuckDB's RE2 support.",
  },
  "constraint-not-enforced": {
    severity: "warning",
    message: ({ keyword, reason }) => `${quoteValue(keyword)} is not enforced here: ${reason}.`,
    hint: ({ instead }) => instead,
  },
};
