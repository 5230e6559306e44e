import { quoteValue } from "../../diagnostics/quote-value.ts";
import { formatValue, noRename } from "./format-values.ts";
import type { ChangeFacts, RowRuleId, RulesOf } from "./rule.ts";

/** Changes of which rows resolve and which columns they carry. They move no version. */
export const rowRules: RulesOf<RowRuleId> = {
  "id-columns": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: true,
    title: "Other columns identify a sample.",
    message: ({ from, to }) =>
      `A sample is identified by ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "Rows stored under the old ids are ignored, so all expected rows are new; they count again when the ids are restored. The version does not move, since only fields are part of it: only this rule reports the change. Downstream features join on other columns.",
  },
  "id-column-order": {
    severity: "warning",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "The id columns of a feature have another order.",
    message: ({ from, to }) =>
      `The id columns are ordered ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "The samples are the same. An aggregation reads the rows of a group in the order of their ids, so another order changes the hash of the group: features that aggregate this one report such groups as stale.",
  },
  "lineage-kind": {
    severity: "error",
    recompute: "all",
    types: "none",
    affectsDownstream: true,
    title: "The lineage of a dep has another kind.",
    message: ({ subject, from, to }) =>
      `The lineage of the dep on ${subject} is ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "One to one, many to one and one to many have different work items, and different provenance for the same data. The version does not move, since only fields are part of it. Under the same ids, stored rows are stale where one of the two kinds makes groups; under other ids, all expected rows are new, see `id-columns`. The effect on types is reported as `grain-changed` and `input-column-…`.",
  },
  "lineage-on": {
    severity: "warning",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "Rows of an upstream are matched by other columns.",
    message: ({ subject, from, to }) =>
      `The dep on ${subject} is ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "Groups of an aggregation, or the children of a parent, are made by other columns. The version does not move; the data decides which rows change.",
  },
  filter: {
    severity: "warning",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "The filter of a dep changed.",
    message: ({ subject, from, to }) =>
      `The filter on ${subject} changed from ${formatFilter(from)} to ${formatFilter(to)}.`,
    explanation:
      "Rows that the filter includes now are new, rows that it excludes now are orphaned, and groups that lose or gain a member are stale. Orphaned rows remain inputs of downstream features until they are deleted. The version does not move. Filters are compared by meaning: blanks, parentheses, the order of the list and renamed columns make no difference.",
  },
  "dep-optional": {
    severity: "warning",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "A dep became optional.",
    message: ({ subject }) => `The dep on ${subject} became optional.`,
    explanation:
      "Samples without a row of the upstream are expected now, with null values. Stored rows stay as they are. Columns that may be null now are reported as `input-column-nullable`.",
  },
  "dep-required": {
    severity: "warning",
    recompute: "orphans",
    types: "none",
    affectsDownstream: true,
    title: "A dep is no longer optional.",
    message: ({ subject }) => `The dep on ${subject} is no longer optional.`,
    explanation:
      "Samples without a row of the upstream are no longer expected: their stored rows are orphaned. The others stay as they are.",
  },
  select: {
    severity: "info",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "Increments carry other columns of an upstream.",
    message: ({ subject, from, to }) =>
      `The dep on ${subject} selects ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "Only the columns of increments change, not the rows. Added and removed columns are reported as `input-column-added` and `input-column-removed`.",
  },
  rename: {
    severity: "info",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "Columns of an upstream arrive under other names.",
    message: describeRename,
    explanation:
      "The data is the same under other names. Added and removed names are reported as `input-column-added` and `input-column-removed`; where the rename changes the columns on which deps are joined, `join-columns` reports it.",
  },
};

function formatFilter(text: string | undefined): string {
  return text === undefined ? "none" : quoteValue(text);
}

function describeRename({ subject, from, to }: ChangeFacts): string {
  const dep = `The dep on ${subject}`;
  if (to === noRename) return `${dep} no longer renames ${formatValue(from)}.`;
  const before = from === noRename ? "" : ` instead of ${formatValue(from)}`;
  return `${dep} renames ${formatValue(to)}${before}.`;
}
