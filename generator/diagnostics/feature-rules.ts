import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type Suggestion } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of what is wrong with the `feature` of a spec, looked at alone. */
export interface FeatureProblems {
  "id-column-unknown": Suggestion & { readonly column: string };
  "id-column-nullable": { readonly column: string; readonly required: boolean };
  "id-column-type": { readonly column: string; readonly type: string };
  "duplicate-field": { readonly field: string };
}

/** Wording of what is wrong with the `feature` of a spec, looked at alone. */
export const featureRules: DiagnosticRules<FeatureProblems> = {
  "id-column-unknown": {
    severity: "error",
    message: ({ column }) => `The id column ${quoteValue(column)} is not among the "properties".`,
    hint: (facts) => didYouMean(facts) ?? 'Declare it in "properties".',
  },
  "id-column-nullable": {
    severity: "error",
    message: ({ column }) => `The id column ${quoteValue(column)} may be null, and an id never is.`,
    hint: ({ column, required }) =>
      required ? 'Remove "null" from its type.' : `Add ${quoteValue(column)} to "required".`,
  },
  "id-column-type": {
    severity: "error",
    message: ({ column, type }) =>
      `The id column ${quoteValue(column)} is ${type}, and only a scalar can be an id.`,
    hint: () => "Identify samples by texts, numbers, dates or UUIDs.",
  },
  "duplicate-field": {
    severity: "error",
    message: ({ field }) => `The field ${quoteValue(field)} stands twice in "fields".`,
    hint: () => "Remove one of the two.",
  },
};
