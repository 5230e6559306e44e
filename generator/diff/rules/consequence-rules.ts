import type { ChangeFacts, ConsequenceRuleId, RulesOf } from "../rule.ts";
import { changeOf, partOf, shown } from "./words.ts";

/** What follows for a feature from edits elsewhere, or from edits of its own that are told under their own rules. */
export const consequenceRules: RulesOf<ConsequenceRuleId> = {
  "upstream-rows": {
    severity: "info",
    recompute: "some",
    types: "none",
    ripples: true,
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
    ripples: true,
    title: "Upstream features are joined on other columns.",
    message: ({ subject, from, to }) =>
      `Rows of ${subject} are joined on ${shown(to)} instead of ${shown(from)}.`,
    explanation:
      "Deps are joined on the ids that they share. Another dep, a rename of an id, or other ids upstream change which those are, and so which rows meet.",
  },
  grain: {
    severity: "error",
    recompute: "some",
    types: "breaking",
    ripples: true,
    title: "The unit of work is another one.",
    message: ({ from, to }) => `Work is counted and compared by ${shown(to)} instead of ${shown(from)}.`,
    explanation:
      "The grain follows from the ids and from the lineage of the deps. It decides what an increment counts and how outputs are matched to inputs, and it is part of the types.",
  },
  "input-column-added": {
    severity: "info",
    recompute: "none",
    types: "additive",
    ripples: false,
    title: "Increments carry a further column.",
    message: ({ subject, upstream, to }) => `Increments carry ${subject} of ${upstream} (${shown(to)}) too.`,
    explanation: "Rows of an increment have one property more. Nothing is recomputed.",
  },
  "input-column-removed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "Increments no longer carry a column.",
    message: ({ subject, upstream }) => `Increments no longer carry ${subject} of ${upstream}.`,
    explanation:
      "Code that reads the column from an increment no longer compiles. It is gone upstream, no longer selected, or arrives under another name.",
  },
  "input-column-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column of increments has another name.",
    message: ({ subject, upstream, from }) =>
      `Increments carry ${subject} of ${upstream} instead of ${shown(from)}.`,
    explanation:
      "The upstream feature calls its column otherwise. Code that reads it from an increment no longer compiles until it uses the new name; a `rename` of the dep gives the old one back.",
  },
  "input-column-type": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column of increments has another type.",
    message: (facts) => `${input(facts)} ${changeOf(facts)}.`,
    explanation: "Code that reads the column from an increment sees values of another type, or further ones.",
  },
  "input-column-nullable": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column of increments may be null now.",
    message: (facts) => `${input(facts)} may be null now.`,
    explanation:
      "The column may be null upstream, or the dep that brings it became optional. Code that reads it must expect null.",
  },
  "input-column-required": {
    severity: "info",
    recompute: "none",
    types: "additive",
    ripples: false,
    title: "A column of increments is never null any more.",
    message: (facts) => `${input(facts)} is never null any more.`,
    explanation: "Code that reads the column is fine.",
  },
};

function input(facts: ChangeFacts): string {
  return `In increments ${partOf(facts)} of ${facts.upstream}`;
}
