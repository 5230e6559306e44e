import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type KnownNames, suggestOrList } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of diagnostics about a `$ref`. */
export interface ReferenceFacts {
  "ref-unsupported": {
    readonly ref: string;
    readonly reason: "remote" | "absolute" | "anchor" | "malformed";
  };
  "ref-missing-file": { readonly ref: string; readonly file: string };
  /** `known`: the names at the place where one is missing. */
  "ref-missing-target": KnownNames & { readonly ref: string; readonly file: string };
  "ref-not-a-column": { readonly ref: string };
  "ref-recursion": { readonly cycle: readonly string[] };
  "schema-too-deep": { readonly limit: number };
  "ref-conflict": { readonly keyword: string; readonly ref: string };
  "schema-too-large": { readonly limit: number };
}

/** Messages of diagnostics about a `$ref`. */
export const referenceRules: DiagnosticRules<ReferenceFacts> = {
  "ref-unsupported": {
    severity: "error",
    message: ({ ref, reason }) => `${quoteValue(ref)} ${unsupported[reason]}.`,
    hint: () => 'Use "#/$defs/name", or a relative path like "../types.json#/$defs/name".',
  },
  "ref-missing-file": {
    severity: "error",
    message: ({ file }) => `The file ${quoteValue(file)} does not exist.`,
    hint: () => "Paths are relative to the file that contains them.",
  },
  "ref-missing-target": {
    severity: "error",
    message: ({ ref, file }) => `${quoteValue(ref)} refers to nothing in ${quoteValue(file)}.`,
    hint: (facts) => (facts.known.length === 0 ? "Nothing is defined there." : suggestOrList(facts)),
  },
  "ref-not-a-column": {
    severity: "error",
    message: ({ ref }) => `${quoteValue(ref)} does not refer to the schema of a column.`,
    hint: () => 'Refer to a definition in "$defs", or to a column in "properties".',
  },
  "ref-recursion": {
    severity: "error",
    message: ({ cycle }) => `This reference contains itself: ${cycle.join(" → ")}.`,
    hint: () =>
      "A column can't contain itself. Leave the inner part without a schema ({}), which makes it JSON.",
  },
  "schema-too-deep": {
    severity: "error",
    message: ({ limit }) => `With all references inlined, the schema is nested deeper than ${limit} levels.`,
    hint: () => "Refer to the last definition of a chain, or make inner parts JSON by {}.",
  },
  "ref-conflict": {
    severity: "error",
    message: ({ keyword, ref }) =>
      `${quoteValue(ref)} also declares ${quoteValue(keyword)}, with another value.`,
    hint: () => "Remove one of the two, or inline the schema.",
  },
  "schema-too-large": {
    severity: "error",
    message: ({ limit }) => `With all references inlined, the columns have more than ${limit} parts.`,
    hint: () => "Make inner parts JSON by leaving them without a schema ({}).",
  },
};

const unsupported: Readonly<Record<ReferenceFacts["ref-unsupported"]["reason"], string>> = {
  remote: "is a URL, but nothing is fetched from the network",
  absolute: "is an absolute path, which differs from machine to machine",
  anchor: 'is not a JSON pointer: "#" must be followed by "/"',
  malformed: "is not a reference",
};
