import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type KnownNames, type Suggestion, suggestOrList } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of diagnostics about the file of acknowledged changes. */
export interface AcknowledgementFacts {
  "acknowledgements-not-a-list": { readonly value: unknown };
  "acknowledgement-not-an-object": { readonly value: unknown };
  "acknowledgement-invalid": {
    readonly property: string;
    readonly expected: string;
    readonly value: unknown;
  };
  "acknowledgement-unknown-property": KnownNames & { readonly property: string };
  "acknowledgement-unknown-rule": Suggestion & { readonly rule: string };
  "acknowledgement-twice": { readonly fingerprint: string };
  "acknowledgement-other-change": {
    readonly stated: AcknowledgedChange;
    readonly actual: AcknowledgedChange;
  };
  "acknowledgement-unused": AcknowledgedChange;
}

/** The change that an entry names. */
interface AcknowledgedChange {
  readonly rule: string;
  readonly feature: string | undefined;
}

export const acknowledgementRules: DiagnosticRules<AcknowledgementFacts> = {
  "acknowledgements-not-a-list": {
    severity: "error",
    message: ({ value }) => `Acknowledged changes must be a list, not ${quoteValue(value)}.`,
    hint: () => "Write [], or the lines that `stemma diff` prints.",
  },
  "acknowledgement-not-an-object": {
    severity: "error",
    message: ({ value }) => `An acknowledgement must be an object, not ${quoteValue(value)}.`,
    hint: () => "Write the line that `stemma diff` prints.",
  },
  "acknowledgement-invalid": {
    severity: "error",
    message: ({ property, expected, value }) =>
      value === undefined
        ? `The acknowledgement has no "${property}": it must be ${expected}.`
        : `"${property}" must be ${expected}, not ${quoteValue(value)}.`,
  },
  "acknowledgement-unknown-property": {
    severity: "error",
    message: ({ property }) => `An acknowledgement has no property ${quoteValue(property)}.`,
    hint: suggestOrList,
  },
  "acknowledgement-unknown-rule": {
    severity: "error",
    message: ({ rule }) => `Unknown rule ${quoteValue(rule)}.`,
    hint: didYouMean,
  },
  "acknowledgement-twice": {
    severity: "error",
    message: ({ fingerprint }) => `The change ${fingerprint} is acknowledged twice.`,
    hint: () => "Remove one of the two.",
  },
  "acknowledgement-other-change": {
    severity: "error",
    message: ({ stated, actual }) =>
      `The acknowledgement names ${nameChange(stated)}, but its fingerprint is that of ${nameChange(actual)}: it accepts nothing.`,
    hint: () => "Write the line that `stemma diff` prints for the intended change.",
  },
  "acknowledgement-unused": {
    severity: "warning",
    message: (change) => `The acknowledged change (${nameChange(change)}) is not part of this diff.`,
    hint: () => "Remove the line if the change is merged or undone.",
  },
};

function nameChange({ rule, feature }: AcknowledgedChange): string {
  return feature === undefined ? rule : `${rule} of ${feature}`;
}
