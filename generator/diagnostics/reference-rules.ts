import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type KnownNames, meantOrKnown } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of what is wrong with a `$ref`. */
export interface ReferenceFacts {
  "ref-unsupported": {
    readonly ref: string;
    readonly reason: "remote" | "absolute" | "anchor" | "malformed";
  };
  "ref-missing-file": { readonly ref: string; readonly file: string };
  /** `known`: the names that there are where the missing one should be. */
  "ref-missing-target": KnownNames & { readonly ref: string; readonly file: string };
  "ref-not-a-column": { readonly ref: string };
  "ref-recursion": { readonly cycle: readonly string[] };
  "schema-too-deep": { readonly limit: number };
  "ref-conflict": { readonly keyword: string; readonly ref: string };
  "schema-too-large": { readonly limit: number };
}

/** Wording of what is wrong with a `$ref`. */
export const referenceRules: DiagnosticRules<ReferenceFacts> = {
  "ref-unsupported": {
    severity: "error",
    message: ({ ref, reason }) => `${quoteValue(ref)} ${unsupported[reason]}.`,
    hint: () => 'Use "#/$defs/name", or a relative path like "../types.json#/$defs/name".',
  },
  "ref-missing-file": {
    severity: "error",
    message: ({ file }) => `There is no file ${quoteValue(file)}.`,
    hint: () => "Paths are relative to the file in which they stand.",
  },
  "ref-missing-target": {
    severity: "error",
    message: ({ ref, file }) => `${quoteValue(ref)} leads to nothing in ${quoteValue(file)}.`,
    hint: (facts) =>
      facts.known.length === 0 ? "There are no definitions at that place." : meantOrKnown(facts),
  },
  "ref-not-a-column": {
    severity: "error",
    message: ({ ref }) => `${quoteValue(ref)} does not lead to the schema of a column.`,
    hint: () => 'Refer to a definition in "$defs", or to a column in "properties".',
  },
  "ref-recursion": {
    severity: "error",
    message: ({ cycle }) => `This reference contains itself: ${cycle.join(" → ")}.`,
    hint: () =>
      "A column can't hold itself; leave the inner part without a schema ({}), which makes it JSON.",
  },
  "schema-too-deep": {
    severity: "error",
    message: ({ limit }) =>
      `With every reference written out, a schema goes deeper than ${limit} levels here.`,
    hint: () => "Refer to the last definition of a chain, and make inner parts JSON by {}.",
  },
  "ref-conflict": {
    severity: "error",
    message: ({ keyword, ref }) =>
      `${quoteValue(keyword)} also stands in ${quoteValue(ref)}, with another value.`,
    hint: () => "Remove one of the two, or write the schema out.",
  },
  "schema-too-large": {
    severity: "error",
    message: ({ limit }) => `With every reference written out, the columns have more than ${limit} parts.`,
    hint: () => "Make inner parts JSON by leaving them without a schema ({}).",
  },
};

const unsupported: Readonly<Record<ReferenceFacts["ref-unsupported"]["reason"], string>> = {
  remote: "is a URL, and nothing is fetched from the network",
  absolute: "is an absolute path, which differs from machine to machine",
  anchor: 'is no JSON pointer: what follows "#" begins with "/"',
  malformed: "is no reference",
};
