import type { DiagnosticRules } from "./diagnostic-rule.ts";
import type { Suggestion } from "./did-you-mean.ts";

interface ColumnOfUpstream {
  readonly column: string;
  readonly upstream: string;
}

/** Facts of what is wrong with the lineage of deps, and with what they bring together. */
export interface JoinFacts {
  "aggregation-on-not-an-id": { readonly column: string; readonly ids: readonly string[] };
  "lineage-column-missing": ColumnOfUpstream & Suggestion & { readonly byDefault: boolean };
  "expansion-on-not-upstream-ids": {
    readonly on: readonly string[];
    readonly upstream: string;
    readonly ids: readonly string[];
  };
  "expansion-column-undeclared": ColumnOfUpstream;
  "expansion-column-nullable": ColumnOfUpstream;
  "dep-several-rows-per-parent": {
    readonly upstream: string;
    readonly unit: readonly string[];
    readonly expansion: string;
    readonly parent: readonly string[];
  };
  "join-column-missing": ColumnOfUpstream & Suggestion & { readonly onOwnIds: boolean };
  "column-type-differs": ColumnOfUpstream & {
    readonly type: string;
    readonly holder: string;
    readonly wanted: string;
  };
  "join-column-nullable": ColumnOfUpstream;
  "column-arrives-twice": ColumnOfUpstream & {
    readonly otherColumn: string;
    readonly otherUpstream: string;
    readonly selectable: boolean;
  };
  "id-columns-not-brought": { readonly feature: string; readonly ids: readonly string[] };
  "id-column-optional": ColumnOfUpstream;
}

export const joinRules: DiagnosticRules<JoinFacts> = {
  "aggregation-on-not-an-id": {
    severity: "error",
    message: ({ column }) =>
      `An aggregation groups by id columns of this feature, and "${column}" is none of them.`,
    hint: ({ column, ids }) => `Use ${list(ids, "or")}, or add "${column}" to "idColumns".`,
  },
  "lineage-column-missing": {
    severity: "error",
    message: ({ column, upstream }) =>
      `The feature "${upstream}" can't be grouped by "${column}": it has no such column.`,
    hint: ({ column, byDefault, suggestion }) =>
      suggestion === undefined || byDefault
        ? `Rename the column that holds it, or name the id columns to group by in "on"${byDefault ? ", which is all of them by default" : ""}.`
        : `Did you mean "${suggestion}"? If so, rename it to "${column}".`,
  },
  "expansion-on-not-upstream-ids": {
    severity: "error",
    message: ({ on, upstream }) =>
      `An expansion is made on the ids of its upstream, and those of "${upstream}" are not ${list(on, "and")}.`,
    hint: ({ ids }) => `Write "on": ${JSON.stringify(ids)}: the ids, in their names after rename.`,
  },
  "expansion-column-undeclared": {
    severity: "error",
    message: ({ column, upstream }) =>
      `This feature has no column "${column}" that says from which row of "${upstream}" a row was made.`,
    hint: ({ column }) => `Declare "${column}" among "properties", and list it in "required".`,
  },
  "expansion-column-nullable": {
    severity: "error",
    message: ({ column, upstream }) =>
      `The column "${column}" may be null, but it says from which row of "${upstream}" a row was made.`,
    hint: ({ column }) => `List "${column}" in "required", without "null" among its types.`,
  },
  "dep-several-rows-per-parent": {
    severity: "error",
    message: ({ upstream, unit, expansion, parent }) =>
      `Beside the expansion of "${expansion}", a dep has one row for each ${list(parent, "and")}, ` +
      `but "${upstream}" has one for each ${list(unit, "and")}.`,
    hint: ({ upstream, parent }) =>
      `Aggregate "${upstream}" by ${list(parent, "and")} in a feature of its own, and depend on that one.`,
  },
  "join-column-missing": {
    severity: "error",
    message: ({ column, upstream, onOwnIds }) =>
      onOwnIds
        ? `The deps have no id column in common, so they are joined on the ids of this feature; "${upstream}" has no column "${column}".`
        : `The deps are joined on "${column}", and "${upstream}" has no such column.`,
    hint: ({ column, suggestion }) =>
      suggestion === undefined
        ? `Rename the column of this dep that holds it to "${column}".`
        : `Rename "${suggestion}" to "${column}" in this dep, if that is what holds it.`,
  },
  "column-type-differs": {
    severity: "error",
    message: ({ column, upstream, type, holder, wanted }) =>
      `The column "${column}" is ${type} in "${upstream}", but ${wanted} in "${holder}".`,
    hint: () => "Declare it with one type: its values are compared with each other.",
  },
  "join-column-nullable": {
    severity: "warning",
    message: ({ column, upstream }) =>
      `The column "${column}" of "${upstream}" may be null: rows without it belong to no sample and take no part.`,
    hint: ({ column }) => `List "${column}" in "required" there, if every row has it.`,
  },
  "column-arrives-twice": {
    severity: "error",
    message: ({ column, upstream, otherColumn, otherUpstream }) =>
      column === otherColumn
        ? `The column "${column}" arrives from both "${otherUpstream}" and "${upstream}".`
        : `The columns "${otherColumn}" of "${otherUpstream}" and "${column}" of "${upstream}" differ only in case, which DuckDB cannot hold.`,
    hint: ({ selectable }) =>
      selectable
        ? 'Rename it in one of the two deps, or leave it out of one by "select".'
        : "Rename it in one of the two deps: ids always come along.",
  },
  "id-columns-not-brought": {
    severity: "error",
    message: ({ feature, ids }) =>
      `No dep brings ${list(ids, "or")}, so nothing says to which row of "${feature}" an upstream row belongs.`,
    hint: () =>
      'Rename an upstream column to an id column, use upstream ids as "idColumns", or make the lineage an aggregation or an expansion.',
  },
  "id-column-optional": {
    severity: "error",
    message: ({ column, upstream }) =>
      `The id column "${column}" comes from the optional "${upstream}" alone, so a sample without a row there would have no id.`,
    hint: ({ column }) => `Make this dep required, or bring "${column}" by another dep.`,
  },
};

function list(names: readonly string[], conjunction: "and" | "or"): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.at(-1) ?? "";
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
