import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type Suggestion } from "./did-you-mean.ts";
import { joinWords, quoteValue } from "./quote-value.ts";

/** Facts of diagnostics about the shape of a spec. `subject` names the value in a sentence: `"deps"`. */
export interface ShapeFacts {
  "unknown-keyword": Suggestion & {
    readonly name: string;
    readonly subject: string;
    /** The object that has the keyword: `"feature"`. */
    readonly owner: string | undefined;
  };
  "missing-keyword": { readonly name: string; readonly subject: string; readonly example: unknown };
  "wrong-type": {
    readonly subject: string;
    readonly expected: readonly string[];
    readonly value: unknown;
    /** The value as it was probably intended, as JSON. */
    readonly rewritten: string | undefined;
  };
  "wrong-value": Suggestion & {
    readonly subject: string;
    readonly value: unknown;
    readonly allowed: readonly unknown[];
    /** Types whose values are all allowed. */
    readonly orTypes: readonly string[];
  };
  "number-out-of-range": { readonly subject: string; readonly value: unknown; readonly range: string };
  "empty-list": { readonly subject: string; readonly list: string };
  "duplicate-item": { readonly subject: string; readonly value: unknown };
  "bad-key": Suggestion & { readonly key: string; readonly problem: string };
  "open-row": { readonly value: unknown };
}

/** Messages of diagnostics about the shape of a spec. */
export const shapeRules: DiagnosticRules<ShapeFacts> = {
  "unknown-keyword": {
    severity: "error",
    message: ({ name, subject }) => `Unknown keyword ${quoteValue(name)} in ${subject}.`,
    hint: unknownKeywordHint,
  },
  "missing-keyword": {
    severity: "error",
    message: ({ name, subject }) => `The keyword ${quoteValue(name)} is missing in ${subject}.`,
    hint: ({ name, example }) => `Add it, for example ${quoteValue(name)}: ${JSON.stringify(example)}.`,
  },
  "wrong-type": {
    severity: "error",
    message: ({ subject, expected, value }) =>
      `${capitalised(subject)} must be ${joinWords(expected.map(describeType), "or")}, not ${quoteValue(value)}.`,
    hint: ({ rewritten }) => (rewritten === undefined ? undefined : `Write ${rewritten}.`),
  },
  "wrong-value": {
    severity: "error",
    message: ({ subject, value, allowed, orTypes }) =>
      `${capitalised(subject)} must be ${joinWords([...allowed.map(quoteValue), ...orTypes.map(describeType)], "or")}, not ${quoteValue(value)}.`,
    hint: didYouMean,
  },
  "number-out-of-range": {
    severity: "error",
    message: ({ subject, value, range }) =>
      `${capitalised(subject)} must be ${range}, not ${quoteValue(value)}.`,
  },
  "empty-list": {
    severity: "error",
    message: ({ subject }) => `${capitalised(subject)} is an empty list.`,
    hint: ({ list }) => emptyListHints[list] ?? "Name at least one.",
  },
  "duplicate-item": {
    severity: "error",
    message: ({ subject, value }) => `The value ${quoteValue(value)} is listed twice in ${subject}.`,
    hint: () => "Remove one of the two.",
  },
  "bad-key": {
    severity: "error",
    message: ({ key, problem }) => `${quoteValue(key)} can't be a key: ${problem}.`,
    hint: (facts) =>
      didYouMean(facts) ?? 'A key has parts of lower-case letters, digits, "_" and "-", joined by "/".',
  },
  "open-row": {
    severity: "error",
    message: () => 'A row contains declared columns only: "additionalProperties" must be false here.',
    hint: () => "Remove it and declare every column. For free names, declare a column that is a map.",
  },
};

function unknownKeywordHint(facts: ShapeFacts["unknown-keyword"]): string {
  if (facts.owner !== undefined) return `It belongs in ${facts.owner}.`;
  const instead = Object.hasOwn(alternatives, facts.name) ? alternatives[facts.name] : didYouMean(facts);
  return instead ?? "Specs are written in a subset of JSON Schema, which does not include it.";
}

function capitalised(subject: string): string {
  return subject.charAt(0).toUpperCase() + subject.slice(1);
}

/** A value of a type, in a sentence. */
function describeType(type: string): string {
  return typeDescriptions[type] ?? type;
}

const typeDescriptions: Readonly<Record<string, string>> = {
  string: "a string",
  array: "an array",
  object: "an object",
  boolean: "true or false",
  number: "a number",
  integer: "an integer",
};

/** Hints by the path of the list. */
const emptyListHints: Readonly<Record<string, string>> = {
  "feature.fields": 'Omit it for one field named "default", or name the fields.',
  "feature.fields.deps":
    'Name the upstream fields, or omit it: an empty list could mean "none" or "automatic".',
  "feature.fields.deps.fields": "Name the upstream fields, or omit it for all of them.",
  "feature.idColumns": "Name the columns that identify a sample.",
};

/** Keywords of JSON Schema outside of the subset, and their replacement. */
const alternatives: Readonly<Record<string, string>> = {
  nullable: 'Write "type": ["string", "null"], or omit the column from "required".',
  allOf: "Merge the parts into one schema.",
  patternProperties: 'An object with free names is a map: describe its values by "additionalProperties".',
  prefixItems: "An array whose items differ by position is JSON: leave it without a schema ({}).",
  definitions: 'Write "$defs".',
  $comment: 'Write a "description".',
};
