import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type KnownNames, meantOrKnown, type Suggestion } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of what is wrong with the lineage of fields. */
export interface FieldFacts {
  "field-dep-not-a-dep": Suggestion & { readonly feature: string };
  "upstream-field-unknown": KnownNames & { readonly field: string; readonly upstream: string };
  "mapping-unknown-field": KnownNames & { readonly field: string; readonly feature: string };
  "field-without-parents": { readonly field: string };
}

export const fieldRules: DiagnosticRules<FieldFacts> = {
  "field-dep-not-a-dep": {
    severity: "error",
    message: ({ feature }) =>
      `A field can only depend on features among "deps", and ${quoteValue(feature)} is none of them.`,
    hint: ({ feature, suggestion }) =>
      didYouMean({ suggestion }) ?? `Add ${quoteValue(feature)} to "deps" of this feature.`,
  },
  "upstream-field-unknown": {
    severity: "error",
    message: ({ field, upstream }) =>
      `The feature ${quoteValue(upstream)} has no field ${quoteValue(field)}.`,
    hint: meantOrKnown,
  },
  "mapping-unknown-field": {
    severity: "error",
    message: ({ field, feature }) =>
      `The feature ${quoteValue(feature)} has no field ${quoteValue(field)} to map.`,
    hint: meantOrKnown,
  },
  "field-without-parents": {
    severity: "error",
    message: ({ field }) =>
      `The field ${quoteValue(field)} is computed from no upstream field, though the feature has deps.`,
    hint: () => 'Name its parents in "deps" of the field, or let the "fieldsMapping" of a dep give it some.',
  },
};
