import { quoteValue } from "../../diagnostics/quote-value.ts";
import type { ChangeFacts, RowRuleId, RulesOf } from "../model/rule.ts";
import { formatValue, noRename } from "./format-values.ts";

/** Changes that decide which rows resolve and what they carry. They move no version. */
export const rowRules: RulesOf<RowRuleId> = {
  "id-columns": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: true,
    title: "A feature identifies its samples by other columns.",
    message: ({ from, to }) =>
      `A sample is identified by ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "Rows that are stored under the old ids are told apart and left aside, so all that is expected is new, and they count again when the ids are set back. The version does not move, since it is made of fields alone: nothing but this rule tells. Features below join on other columns.",
  },
  "id-column-order": {
    severity: "warning",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "The id columns of a feature stand in another order.",
    message: ({ from, to }) =>
      `The id columns are ordered ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "The samples are the same. An aggregation takes the rows of a group in the order of their ids, so the hash of a group whose rows come in another order is another one: features that aggregate this one show such groups as stale.",
  },
  "lineage-kind": {
    severity: "error",
    recompute: "all",
    types: "none",
    affectsDownstream: true,
    title: "Rows of an upstream relate to rows of the feature in another way.",
    message: ({ subject, from, to }) =>
      `The lineage of the dep on ${subject} is ${formatValue(to)} instead of ${formatValue(from)}.`,
    explanation:
      "One to one, many to one and one to many give other work items, and other provenance for the same data. The version does not move, since it is made of fields alone. Under the same ids, stored rows are stale where one of the two ways makes groups; under other ids, all that is expected is new, see `id-columns`. What it does to the types is reported as `grain-changed` and `input-column-…`.",
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
      "Groups of an aggregation, or the children of a parent, are made by other columns. The version does not move; which rows change, only the data can tell.",
  },
  filter: {
    severity: "warning",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "Other upstream rows count.",
    message: ({ subject, from, to }) =>
      `The filter on ${subject} changed from ${filter(from)} to ${filter(to)}.`,
    explanation:
      "Rows that the filter takes in are new, rows that it leaves out are orphaned, and groups that lose or gain a member are stale. Rows that are orphaned stay inputs of what is below until they are deleted. The version does not move. Filters are compared by what they say: blanks, parentheses, the order of the list and renamed columns make no difference.",
  },
  "dep-optional": {
    severity: "warning",
    recompute: "some",
    types: "none",
    affectsDownstream: true,
    title: "A dep became optional.",
    message: ({ subject }) => `The dep on ${subject} became optional.`,
    explanation:
      "Samples that the upstream lacks are expected now, with nothing where its values would be. Stored rows stay as they are. Columns that may be missing now are reported as `input-column-nullable`.",
  },
  "dep-required": {
    severity: "warning",
    recompute: "orphans",
    types: "none",
    affectsDownstream: true,
    title: "A dep is no longer optional.",
    message: ({ subject }) => `The dep on ${subject} is no longer optional.`,
    explanation:
      "Samples that the upstream lacks are no longer expected: their stored rows are orphaned. The others stay as they are.",
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
      "Only what an increment carries changes, not which rows there are. Columns that come or go are reported as `input-column-added` and `input-column-removed`.",
  },
  rename: {
    severity: "info",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "Columns of an upstream arrive under other names.",
    message: describeRename,
    explanation:
      "The data is the same under other names. Names that come or go are reported as `input-column-added` and `input-column-removed`; where the deps are joined on other columns by it, `join-columns` tells.",
  },
};

function filter(text: string | undefined): string {
  return text === undefined ? "none" : quoteValue(text);
}

function describeRename({ subject, from, to }: ChangeFacts): string {
  const dep = `The dep on ${subject}`;
  if (to === noRename) return `${dep} no longer renames ${formatValue(from)}.`;
  const before = from === noRename ? "" : ` instead of ${formatValue(from)}`;
  return `${dep} renames ${formatValue(to)}${before}.`;
}
