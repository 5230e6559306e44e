import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type KnownNames, type Suggestion, suggestOrList } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

interface RenameFacts {
  readonly from: string;
  readonly to: string;
  readonly upstream: string;
}

interface WhereFacts {
  readonly message: string;
  readonly hint: string | undefined;
  /** The new name of a renamed column that the filter uses by its old name. */
  readonly renamedTo: string | undefined;
}

/** Facts of diagnostics about a single dep. */
export interface DepFacts {
  "dep-unknown": Suggestion & { readonly feature: string };
  "dep-on-itself": { readonly feature: string };
  "dep-duplicate": { readonly feature: string };
  /** `path` ends where it starts. */
  "dep-cycle": { readonly path: readonly string[] };
  "rename-unknown-column": RenameFacts & KnownNames;
  "rename-onto-column": RenameFacts & { readonly existing: string };
  "rename-twice": RenameFacts & { readonly other: string };
  "select-unknown-column": KnownNames & {
    readonly column: string;
    readonly upstream: string;
    readonly renamedTo: string | undefined;
  };
  "where-syntax": WhereFacts;
  "where-unknown-column": WhereFacts;
  "where-type": WhereFacts;
}

export const depRules: DiagnosticRules<DepFacts> = {
  "dep-unknown": {
    severity: "error",
    message: ({ feature }) => `Unknown feature ${quoteValue(feature)}.`,
    hint: (facts) => didYouMean(facts) ?? "Correct the key, or add a spec with it.",
  },
  "dep-on-itself": {
    severity: "error",
    message: ({ feature }) => `The feature ${quoteValue(feature)} depends on itself.`,
    hint: () => "Remove the dep: a feature is computed from other features.",
  },
  "dep-duplicate": {
    severity: "error",
    message: ({ feature }) => `The feature ${quoteValue(feature)} is declared twice in "deps".`,
    hint: () => "Merge the two: one dep can bring everything that is needed of its upstream.",
  },
  "dep-cycle": {
    severity: "error",
    message: ({ path }) => `These features depend on each other in a cycle: ${path.join(" → ")}.`,
    hint: () => "Remove one of these deps: a feature can't be computed from itself.",
  },
  "rename-unknown-column": {
    severity: "error",
    message: ({ from, upstream }) =>
      `The feature ${quoteValue(upstream)} has no column ${quoteValue(from)} to rename.`,
    hint: suggestOrList,
  },
  "rename-onto-column": {
    severity: "error",
    message: ({ from, to, upstream, existing }) =>
      `The column ${quoteValue(from)} can't be renamed to ${quoteValue(to)}: the column ${quoteValue(existing)} of ${quoteValue(upstream)} keeps its name.`,
    hint: ({ existing }) => `Choose another name, or rename ${quoteValue(existing)} too.`,
  },
  "rename-twice": {
    severity: "error",
    message: ({ from, to, other }) =>
      `The column ${quoteValue(from)} can't be renamed to ${quoteValue(to)}: ${quoteValue(other)} already gets this name.`,
    hint: () => "Choose another name for one of the two. Names that differ only in case are equal.",
  },
  "select-unknown-column": {
    severity: "error",
    message: ({ column, upstream, renamedTo }) =>
      renamedTo === undefined
        ? `The feature ${quoteValue(upstream)} has no column ${quoteValue(column)} to select.`
        : `The column ${quoteValue(column)} of ${quoteValue(upstream)} was renamed, so no column of this name can be selected.`,
    hint: (facts) =>
      facts.renamedTo === undefined
        ? suggestOrList(facts)
        : `Write ${quoteValue(facts.renamedTo)}, its name after rename.`,
  },
  "where-syntax": { severity: "error", message: messageOf, hint: whereHint },
  "where-unknown-column": { severity: "error", message: messageOf, hint: whereHint },
  "where-type": { severity: "error", message: messageOf, hint: whereHint },
};

function messageOf({ message }: WhereFacts): string {
  return message;
}

function whereHint({ renamedTo, hint }: WhereFacts): string | undefined {
  return renamedTo === undefined ? hint : `Write ${quoteValue(renamedTo)}, its name after rename.`;
}
