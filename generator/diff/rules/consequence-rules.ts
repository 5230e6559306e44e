import { describeReplacement, formatColumn, formatValue } from "./format-values.ts";
import type { ChangeFacts, ConsequenceRuleId, RulesOf } from "./rule.ts";

/** Consequences of edits elsewhere, or of edits of the feature that have rules of their own. */
export const consequenceRules: RulesOf<ConsequenceRuleId> = {
  "upstream-rows-changed": {
    severity: "info",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "An upstream feature may have other rows.",
    message: ({ subject, detail }) =>
      `Rows of ${subject} change without a new version${detail === undefined ? "" : ` (${detail})`}, and rows of this feature with them.`,
    explanation:
      "A filter, a lineage or the ids of the upstream feature decide otherwise which rows it has. No version moves. Once the upstream has run, rows of this feature are new, stale or orphaned; the data decides which.",
  },
  "join-columns": {
    severity: "warning",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "Upstream features are joined on other columns.",
    message: ({ subject, from, to }) =>
      `Rows of ${subject} are joined on ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "Deps are joined on the ids that they share. Another dep, a rename of an id, or other upstream ids change the shared ids, and so which rows join.",
  },
  "grain-changed": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: true,
    title: "The grain changed.",
    message: ({ from, to }) => `The grain is ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "The grain follows from the ids and from the lineage of the deps. It decides what an increment counts and how outputs are matched to inputs, and it is part of the types.",
  },
  "input-column-added": {
    severity: "info",
    recompute: "none",
    types: "additive",
    affectsDownstream: false,
    title: "Increments carry a further column.",
    message: ({ subject, upstream, to }) =>
      `Increments also carry ${subject} of ${upstream} (${formatValue(to)}).`,
    explanation: "Rows of an increment have one more property. Nothing is recomputed.",
  },
  "input-column-removed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "Increments no longer carry a column.",
    message: ({ subject, upstream }) => `Increments no longer carry ${subject} of ${upstream}.`,
    explanation:
      "Code that reads the column from an increment no longer compiles. It was removed upstream, is no longer selected, or arrives under another name.",
  },
  "input-column-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column of increments was renamed.",
    message: ({ subject, upstream, from }) =>
      `Increments carry ${subject} of ${upstream} instead of ${formatValue(from)}.`,
    explanation:
      "The upstream feature renamed its column. Code that reads it from an increment no longer compiles until it uses the new name; a `rename` of the dep restores the old one.",
  },
  "input-column-type": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column of increments has another type.",
    message: (facts) => `${describeInput(facts)} ${describeReplacement(facts)}.`,
    explanation:
      "Code that reads the column from an increment gets values of another type, or further values.",
  },
  "input-column-nullable": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column of increments became nullable.",
    message: (facts) => `${describeInput(facts)} may be null now.`,
    explanation:
      "The column became nullable upstream, or its dep became optional. Code that reads it must expect null.",
  },
  "input-column-required": {
    severity: "info",
    recompute: "none",
    types: "additive",
    affectsDownstream: false,
    title: "A column of increments is no longer nullable.",
    message: (facts) => `${describeInput(facts)} is no longer null.`,
    explanation: "Code that reads the column still compiles.",
  },
};

function describeInput(facts: ChangeFacts): string {
  return `In increments, ${formatColumn(facts)} of ${facts.upstream}`;
}
