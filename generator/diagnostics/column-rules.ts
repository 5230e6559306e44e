import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type Suggestion } from "./did-you-mean.ts";
import { quoteList, quoteValue } from "./quote-value.ts";

/** Facts of what is wrong with columns and their schemas. */
export interface ColumnProblems {
  "reserved-column-name": { readonly name: string; readonly reserved: ReservedName };
  "bad-column-name": { readonly name: string; readonly problem: string };
  "names-differ-in-case": { readonly name: string; readonly other: string };
  "required-unknown": Suggestion & { readonly name: string };
  /** `types`: those of the schema, none where it has no `type`; `belongsTo`: those for which the keyword is. */
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

/** Why a name is not free: its prefix belongs to the system, or the name itself means something to the database. */
export type ReservedName =
  | { readonly kind: "prefix"; readonly prefix: string }
  | { readonly kind: "name"; readonly reason: string };

/** A keyword that bounds a value. */
export interface Bound {
  readonly keyword: string;
  readonly value: number;
}

/** Wording of what is wrong with columns and their schemas. */
export const columnRules: DiagnosticRules<ColumnProblems> = {
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
      `${quoteValue(name)} and ${quoteValue(other)} differ only in case, which DuckDB does not tell apart.`,
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
        ? `${quoteValue(keyword)} stands without a "type", and says something about ${quoteList(belongsTo, "or")} only.`
        : `${quoteValue(keyword)} says nothing about ${quoteList(types, "or")}; it is for ${quoteList(belongsTo, "or")}.`,
    hint: ({ types, belongsTo }) =>
      types.length === 0 ? `Add "type": ${quoteValue(belongsTo[0])}.` : "Remove it, or change the type.",
  },
  "contradictory-bounds": {
    severity: "error",
    message: ({ lower, upper }) =>
      `No value satisfies both ${quoteValue(lower.keyword)}: ${lower.value} and ${quoteValue(upper.keyword)}: ${upper.value}.`,
    hint: () => "Exchange or change them.",
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
      `${value} is too great for an integer column: beyond 9007199254740991 integers are not exact.`,
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
      `The pattern ${quoteValue(pattern)} is not enforced: for JavaScript it is not a regular expression (${detail}).`,
    hint: () =>
      'What stands for itself gets a backslash, which JSON writes twice: "\\\\(" matches a bracket.',
  },
  "pattern-unsupported": {
    severity: "warning",
    message: ({ pattern, construct, engine }) =>
      `The pattern ${quoteValue(pattern)} is not enforced: ${engine} can't run ${construct}.`,
    hint: ({ instead }) =>
      instead ?? "To have it enforced, write it with what JavaScript and DuckDB's RE2 have in common.",
  },
  "constraint-not-enforced": {
    severity: "warning",
    message: ({ keyword, reason }) => `${quoteValue(keyword)} is not enforced here: ${reason}.`,
    hint: ({ instead }) => instead,
  },
};
