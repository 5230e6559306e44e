import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { didYouMean, type KnownNames, meantOrKnown, type Suggestion } from "./did-you-mean.ts";
import { quoteValue } from "./quote-value.ts";

/** Facts of what is wrong with the file of acknowledged changes. */
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

/** What an entry says that it acknowledges. */
interface AcknowledgedChange {
  readonly rule: string;
  readonly feature: string | undefined;
}

export const acknowledgementRules: DiagnosticRules<AcknowledgementFacts> = {
  "acknowledgements-not-a-list": {
    severity: "error",
    message: ({ value }) => `Acknowledged changes must be a list, not ${quoteValue(value)}.`,
    hint: () => "Write [], or the lines that `stemma diff` tells to add.",
  },
  "acknowledgement-not-an-object": {
    severity: "error",
    message: ({ value }) => `An acknowledgement must be an object, not ${quoteValue(value)}.`,
    hint: () => "Write the line that `stemma diff` tells to add.",
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
    hint: meantOrKnown,
  },
  "acknowledgement-unknown-rule": {
    severity: "error",
    message: ({ rule }) => `There is no rule ${quoteValue(rule)}.`,
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
      `The acknowledgement says ${nameChange(stated)}, and its fingerprint is that of ${nameChange(actual)}: it accepts nothing.`,
    hint: () => "Write the line that `stemma diff` tells to add, for the change that is meant.",
  },
  "acknowledgement-unused": {
    severity: "warning",
    message: (change) => `The acknowledged change (${nameChange(change)}) is not part of this diff.`,
    hint: () => "Remove the line, if the change is merged or undone.",
  },
};

function nameChange({ rule, feature }: AcknowledgedChange): string {
  return feature === undefined ? rule : `${rule} of ${feature}`;
}
