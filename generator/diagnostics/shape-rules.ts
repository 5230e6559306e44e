import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type Suggestion } from "./did-you-mean.ts";
import { quoteList, quoteValue } from "./quote-value.ts";

/** Facts of what is wrong with the shape of a spec. `subject` names the value in a sentence: `"deps"`. */
export interface ShapeFacts {
  "unknown-keyword": Suggestion & {
    readonly name: string;
    readonly subject: string;
    /** Where the keyword does exist: `"feature"`. */
    readonly home: string | undefined;
    readonly known: readonly string[];
  };
  "missing-keyword": { readonly name: string; readonly subject: string; readonly example: unknown };
  "wrong-type": {
    readonly subject: string;
    readonly expected: readonly string[];
    readonly value: unknown;
    /** The value as it was probably meant, as JSON. */
    readonly rewritten: string | undefined;
  };
  "wrong-value": Suggestion & {
    readonly subject: string;
    readonly value: unknown;
    readonly allowed: readonly unknown[];
  };
  "number-out-of-range": { readonly subject: string; readonly value: unknown; readonly range: string };
  "empty-list": { readonly subject: string; readonly name: string };
  "empty-name": { readonly subject: string };
  "duplicate-item": { readonly subject: string; readonly value: unknown };
  "bad-key": Suggestion & { readonly key: string; readonly problem: string };
  "open-row": { readonly value: unknown };
}

/** Wording of what is wrong with the shape of a spec. */
export const shapeRules: DiagnosticRules<ShapeFacts> = {
  "unknown-keyword": {
    severity: "error",
    message: ({ name, subject }) => `There is no keyword ${quoteValue(name)} in ${subject}.`,
    hint: (facts) => didYouMean(facts) ?? homeOrKnown(facts),
  },
  "missing-keyword": {
    severity: "error",
    message: ({ name, subject }) => `The keyword ${quoteValue(name)} is missing in ${subject}.`,
    hint: ({ name, example }) => `Add it, like ${quoteValue(name)}: ${JSON.stringify(example)}.`,
  },
  "wrong-type": {
    severity: "error",
    message: ({ subject, expected, value }) =>
      `${capitalised(subject)} must be ${expected.map((type) => typeWords[type] ?? type).join(" or ")}, not ${quoteValue(value)}.`,
    hint: ({ rewritten }) => (rewritten === undefined ? undefined : `Write ${rewritten}.`),
  },
  "wrong-value": {
    severity: "error",
    message: ({ subject, value, allowed }) =>
      `${capitalised(subject)} must be ${quoteList(allowed, "or")}, not ${quoteValue(value)}.`,
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
    hint: ({ name }) => emptyListHints[name] ?? "Name at least one, or leave the keyword out.",
  },
  "empty-name": {
    severity: "error",
    message: ({ subject }) => `${capitalised(subject)} is an empty name.`,
    hint: () => "A column has a name of at least one character.",
  },
  "duplicate-item": {
    severity: "error",
    message: ({ subject, value }) => `${quoteValue(value)} stands twice in ${subject}.`,
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
    message: () =>
      'A row holds declared columns only: "additionalProperties" can\'t be anything but false here.',
    hint: () => "Remove it, and declare every column; free values go into a column that is a map.",
  },
};

function homeOrKnown({ home, known }: ShapeFacts["unknown-keyword"]): string {
  return home === undefined ? `Known here: ${known.join(", ")}.` : `It belongs in ${home}.`;
}

function capitalised(subject: string): string {
  return subject.charAt(0).toUpperCase() + subject.slice(1);
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a string",
  array: "an array",
  object: "an object",
  boolean: "true or false",
  number: "a number",
  integer: "a whole number",
};

const emptyListHints: Readonly<Record<string, string>> = {
  fields: 'Leave it out for one field named "default", or name the fields.',
  deps: 'Name the upstream fields, or leave it out: an empty list does not tell "none" from "automatic".',
  idColumns: "Name the columns that identify a sample.",
};
