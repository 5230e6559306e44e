import type { ChangeFacts, ConsequenceRuleId, RulesOf } from "../model/rule.ts";
import { describeReplacement, formatColumn, formatValue } from "./format-values.ts";

/** What follows for a feature from edits elsewhere, or from edits of its own that are told under their own rules. */
export const consequenceRules: RulesOf<ConsequenceRuleId> = {
  "upstream-rows-changed": {
    severity: "info",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "An upstream feature may have other rows.",
    message: ({ subject, detail }) =>
      detail === undefined
        ? `Rows of ${subject} come, go or change without a new version, and rows here with them.`
        : `Rows of ${subject} come, go or change without a new version (${detail}), and rows here with them.`,
    explanation:
      "Something decides otherwise which rows the upstream has: a filter, a lineage, its ids. No version moves. Once the upstream has run, rows here are new, stale or orphaned accordingly; which ones, only the data can tell.",
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
      "Deps are joined on the ids that they share. Another dep, a rename of an id, or other ids upstream change which those are, and so which rows meet.",
  },
  "grain-changed": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: true,
    title: "The grain changed.",
    message: ({ from, to }) =>
      `Work is counted and compared by ${formatValue(to)} instead of ${formatValue(from)}.`,
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
      `Increments carry ${subject} of ${upstream} (${formatValue(to)}) too.`,
    explanation: "Rows of an increment have one property more. Nothing is recomputed.",
  },
  "input-column-removed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "Increments no longer carry a column.",
    message: ({ subject, upstream }) => `Increments no longer carry ${subject} of ${upstream}.`,
    explanation:
      "Code that reads the column from an increment no longer compiles. It is gone upstream, no longer selected, or arrives under another name.",
  },
  "input-column-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column of increments has another name.",
    message: ({ subject, upstream, from }) =>
      `Increments carry ${subject} of ${upstream} instead of ${formatValue(from)}.`,
    explanation:
      "The upstream feature calls its column otherwise. Code that reads it from an increment no longer compiles until it uses the new name; a `rename` of the dep gives the old one back.",
  },
  "input-column-type": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column of increments has another type.",
    message: (facts) => `${describeInput(facts)} ${describeReplacement(facts)}.`,
    explanation: "Code that reads the column from an increment sees values of another type, or further ones.",
  },
  "input-column-nullable": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column of increments may be null now.",
    message: (facts) => `${describeInput(facts)} may be null now.`,
    explanation:
      "The column may be null upstream, or the dep that brings it became optional. Code that reads it must expect null.",
  },
  "input-column-required": {
    severity: "info",
    recompute: "none",
    types: "additive",
    affectsDownstream: false,
    title: "A column of increments is never null any more.",
    message: (facts) => `${describeInput(facts)} is never null any more.`,
    explanation: "Code that reads the column is fine.",
  },
};

function describeInput(facts: ChangeFacts): string {
  return `In increments ${formatColumn(facts)} of ${facts.upstream}`;
}
