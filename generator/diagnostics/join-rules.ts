import type { DiagnosticRules } from "./diagnostic-rule.ts";
import type { Suggestion } from "./did-you-mean.ts";
import { quoteList, quoteValue } from "./quote-value.ts";

interface ColumnOfUpstream {
  readonly column: string;
  readonly upstream: string;
}

/** Facts of diagnostics about the lineage of deps and how they are joined. */
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
  "expansion-ids-without-on": {
    readonly upstream: string;
    readonly ids: readonly string[];
    /** Columns of "on" that are not among the ids. */
    readonly missing: readonly string[];
  };
  "dep-several-rows-per-parent": {
    readonly upstream: string;
    readonly grain: readonly string[];
    readonly expansion: string;
    readonly parent: readonly string[];
  };
  "join-column-missing": ColumnOfUpstream & Suggestion & { readonly onOwnIds: boolean };
  "column-type-differs": ColumnOfUpstream & {
    readonly type: string;
    readonly owner: string;
    readonly expected: string;
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
      `An aggregation groups by id columns of this feature, but ${quoteValue(column)} is not one of them.`,
    hint: ({ column, ids }) => `Use ${quoteList(ids, "or")}, or add ${quoteValue(column)} to "idColumns".`,
  },
  "lineage-column-missing": {
    severity: "error",
    message: ({ column, upstream }) =>
      `The feature ${quoteValue(upstream)} can't be grouped by ${quoteValue(column)}: it has no such column.`,
    hint: ({ column, byDefault, suggestion }) =>
      suggestion === undefined || byDefault
        ? `Rename the column that contains it, or name the id columns to group by in "on"${byDefault ? ", which is all of them by default" : ""}.`
        : `Did you mean ${quoteValue(suggestion)}? If so, rename it to ${quoteValue(column)}.`,
  },
  "expansion-on-not-upstream-ids": {
    severity: "error",
    message: ({ on, upstream }) =>
      `An expansion uses the ids of its upstream, but those of ${quoteValue(upstream)} are not ${quoteList(on, "and")}.`,
    hint: ({ ids }) => `Write "on": ${JSON.stringify(ids)}: the ids, in their names after rename.`,
  },
  "expansion-column-undeclared": {
    severity: "error",
    message: ({ column, upstream }) =>
      `This feature has no column ${quoteValue(column)} that identifies the row of ${quoteValue(upstream)} from which a row was made.`,
    hint: ({ column }) => `Declare ${quoteValue(column)} among "properties", and list it in "required".`,
  },
  "expansion-column-nullable": {
    severity: "error",
    message: ({ column, upstream }) =>
      `The column ${quoteValue(column)} may be null, but it identifies the row of ${quoteValue(upstream)} from which a row was made.`,
    hint: ({ column }) => `List ${quoteValue(column)} in "required", without "null" among its types.`,
  },
  "expansion-ids-without-on": {
    severity: "warning",
    message: ({ upstream, ids, missing }) =>
      `A row is identified by ${quoteList(ids, "and")} without ${quoteList(missing, "and")}: where two rows of ${quoteValue(upstream)} make a row with the same id, the second write fails.`,
    hint: ({ missing }) =>
      `Add ${quoteList(missing, "and")} to "idColumns", or make ids differ between parents.`,
  },
  "dep-several-rows-per-parent": {
    severity: "error",
    message: ({ upstream, grain, expansion, parent }) =>
      `Next to the expansion of ${quoteValue(expansion)}, a dep must have one row for each ${quoteList(parent, "and")}, ` +
      `but ${quoteValue(upstream)} has one for each ${quoteList(grain, "and")}.`,
    hint: ({ upstream, parent }) =>
      `Aggregate ${quoteValue(upstream)} by ${quoteList(parent, "and")} in a feature of its own, and depend on that one.`,
  },
  "join-column-missing": {
    severity: "error",
    message: ({ column, upstream, onOwnIds }) =>
      onOwnIds
        ? `The deps have no id column in common, so they are joined on the ids of this feature, but ${quoteValue(upstream)} has no column ${quoteValue(column)}.`
        : `The deps are joined on ${quoteValue(column)}, but ${quoteValue(upstream)} has no such column.`,
    hint: ({ column, suggestion }) =>
      suggestion === undefined
        ? `Rename the column of this dep that contains it to ${quoteValue(column)}.`
        : `Rename ${quoteValue(suggestion)} to ${quoteValue(column)} in this dep, if that column contains it.`,
  },
  "column-type-differs": {
    severity: "error",
    message: ({ column, upstream, type, owner, expected }) =>
      `The column ${quoteValue(column)} is ${type} in ${quoteValue(upstream)}, but ${expected} in ${quoteValue(owner)}.`,
    hint: () => "Declare it with one type: its values are compared.",
  },
  "join-column-nullable": {
    severity: "warning",
    message: ({ column, upstream }) =>
      `The column ${quoteValue(column)} of ${quoteValue(upstream)} may be null: rows without it belong to no sample and are ignored.`,
    hint: ({ column }) =>
      `List ${quoteValue(column)} in "required" there if every row has it, or filter by ${column} IS NOT NULL in "where".`,
  },
  "column-arrives-twice": {
    severity: "error",
    message: ({ column, upstream, otherColumn, otherUpstream }) =>
      column === otherColumn
        ? `The column ${quoteValue(column)} arrives from both ${quoteValue(otherUpstream)} and ${quoteValue(upstream)}.`
        : `The columns ${quoteValue(otherColumn)} of ${quoteValue(otherUpstream)} and ${quoteValue(column)} of ${quoteValue(upstream)} differ only in case, which DuckDB ignores.`,
    hint: ({ selectable }) =>
      selectable
        ? 'Rename it in one of the two deps, or exclude it from one by "select".'
        : "Rename it in one of the two deps: ids are always selected.",
  },
  "id-columns-not-brought": {
    severity: "error",
    message: ({ feature, ids }) =>
      `No dep brings ${quoteList(ids, "or")}, so no column relates an upstream row to a row of ${quoteValue(feature)}.`,
    hint: () =>
      'Rename an upstream column to an id column, use upstream ids as "idColumns", or make the lineage an aggregation or an expansion.',
  },
  "id-column-optional": {
    severity: "error",
    message: ({ column, upstream }) =>
      `The id column ${quoteValue(column)} comes only from the optional ${quoteValue(upstream)}, so a sample without a row there would have no id.`,
    hint: ({ column }) => `Make this dep required, or get ${quoteValue(column)} from another dep.`,
  },
};
