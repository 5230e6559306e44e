import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type KnownNames, meantOrKnown, type Suggestion } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

interface RenameFacts {
  readonly from: string;
  readonly to: string;
  readonly upstream: string;
}

interface WhereFacts {
  readonly message: string;
  readonly hint: string | undefined;
  /** The name after rename of the column that the filter names by its old one. */
  readonly renamedTo: string | undefined;
}

/** Facts of what is wrong with a dep by itself. */
export interface DepFacts {
  "dep-unknown": Suggestion & { readonly feature: string };
  "dep-on-itself": { readonly feature: string };
  "dep-duplicate": { readonly feature: string };
  /** `path` comes back to where it starts. */
  "dep-cycle": { readonly path: readonly string[] };
  "rename-unknown-column": RenameFacts & KnownNames;
  "rename-onto-column": RenameFacts & { readonly keeper: string };
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
    message: ({ feature }) => `There is no feature ${quoteValue(feature)} in this project.`,
    hint: (facts) => didYouMean(facts) ?? "Correct the key, or add a spec that has it.",
  },
  "dep-on-itself": {
    severity: "error",
    message: ({ feature }) => `The feature ${quoteValue(feature)} depends on itself.`,
    hint: () => "Remove the dep: a feature is computed from other features.",
  },
  "dep-duplicate": {
    severity: "error",
    message: ({ feature }) => `The feature ${quoteValue(feature)} stands twice among the deps.`,
    hint: () => "Make one dep of the two: a dep brings all that is needed of its upstream.",
  },
  "dep-cycle": {
    severity: "error",
    message: ({ path }) => `These features depend on each other in a cycle: ${path.join(" → ")}.`,
    hint: () => "Remove one of these deps: a feature can't be computed from itself, however far around.",
  },
  "rename-unknown-column": {
    severity: "error",
    message: ({ from, upstream }) =>
      `The feature ${quoteValue(upstream)} has no column ${quoteValue(from)} to rename.`,
    hint: meantOrKnown,
  },
  "rename-onto-column": {
    severity: "error",
    message: ({ from, to, upstream, keeper }) =>
      `The column ${quoteValue(from)} can't be renamed to ${quoteValue(to)}: the column ${quoteValue(keeper)} of ${quoteValue(upstream)} keeps its name.`,
    hint: ({ keeper }) => `Choose another name, or rename ${quoteValue(keeper)} too.`,
  },
  "rename-twice": {
    severity: "error",
    message: ({ from, to, other }) =>
      `The column ${quoteValue(from)} can't be renamed to ${quoteValue(to)}: ${quoteValue(other)} gets this name already.`,
    hint: () => "Choose another name for one of the two; names must differ in more than case.",
  },
  "select-unknown-column": {
    severity: "error",
    message: ({ column, upstream, renamedTo }) =>
      renamedTo === undefined
        ? `The feature ${quoteValue(upstream)} has no column ${quoteValue(column)} to select.`
        : `The column ${quoteValue(column)} of ${quoteValue(upstream)} was renamed, so there is none of this name to select.`,
    hint: (facts) =>
      facts.renamedTo === undefined
        ? meantOrKnown(facts)
        : `Write ${quoteValue(facts.renamedTo)}, its name after rename.`,
  },
  "where-syntax": { severity: "error", message: said, hint: whereHint },
  "where-unknown-column": { severity: "error", message: said, hint: whereHint },
  "where-type": { severity: "error", message: said, hint: whereHint },
};

function said({ message }: WhereFacts): string {
  return message;
}

function whereHint({ renamedTo, hint }: WhereFacts): string | undefined {
  return renamedTo === undefined ? hint : `Write ${quoteValue(renamedTo)}, its name after rename.`;
}
