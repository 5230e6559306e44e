import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type KnownNames, type Suggestion, suggestOrList } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of diagnostics about the ids and fields of a feature. */
export interface FeatureFacts {
  "id-column-unknown": Suggestion & { readonly column: string };
  "id-column-nullable": { readonly column: string; readonly required: boolean };
  "id-column-type": { readonly column: string; readonly type: string };
  "duplicate-field": { readonly field: string };
  "field-dep-not-a-dep": Suggestion & { readonly feature: string };
  "upstream-field-unknown": KnownNames & { readonly field: string; readonly upstream: string };
  "mapping-unknown-field": KnownNames & { readonly field: string; readonly feature: string };
  "field-without-parents": { readonly field: string };
}

/** Messages of diagnostics about the ids and fields of a feature. */
export const featureRules: DiagnosticRules<FeatureFacts> = {
  "id-column-unknown": {
    severity: "error",
    message: ({ column }) => `The id column ${quoteValue(column)} is not among the "properties".`,
    hint: (facts) => didYouMean(facts) ?? 'Declare it in "properties".',
  },
  "id-column-nullable": {
    severity: "error",
    message: ({ column }) => `The id column ${quoteValue(column)} may be null, but an id must not be.`,
    hint: ({ column, required }) =>
      required ? 'Remove "null" from its type.' : `Add ${quoteValue(column)} to "required".`,
  },
  "id-column-type": {
    severity: "error",
    message: ({ column, type }) =>
      `The id column ${quoteValue(column)} is ${type}, but only a scalar can be an id.`,
    hint: () => "Identify samples by strings, numbers, dates or UUIDs.",
  },
  "duplicate-field": {
    severity: "error",
    message: ({ field }) => `The field ${quoteValue(field)} is declared twice in "fields".`,
    hint: () => "Remove one of the two.",
  },
  "field-dep-not-a-dep": {
    severity: "error",
    message: ({ feature }) =>
      `A field can only depend on features among "deps", but ${quoteValue(feature)} is not one of them.`,
    hint: ({ feature, suggestion }) =>
      didYouMean({ suggestion }) ?? `Add ${quoteValue(feature)} to "deps" of this feature.`,
  },
  "upstream-field-unknown": {
    severity: "error",
    message: ({ field, upstream }) =>
      `The feature ${quoteValue(upstream)} has no field ${quoteValue(field)}.`,
    hint: suggestOrList,
  },
  "mapping-unknown-field": {
    severity: "error",
    message: ({ field, feature }) =>
      `The feature ${quoteValue(feature)} has no field ${quoteValue(field)} to map.`,
    hint: suggestOrList,
  },
  "field-without-parents": {
    severity: "error",
    message: ({ field }) => `The field ${quoteValue(field)} has no parents, though the feature has deps.`,
    hint: () => 'Name its parents in "deps" of the field, or let the "fieldsMapping" of a dep give it some.',
  },
};
