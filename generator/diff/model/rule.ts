import type { ColumnTransition } from "../../../runtime/columns/column-transition.ts";

/** How loud a change is: what breaks or costs much is an error, what is easily overlooked a warning. */
export type ChangeSeverity = "error" | "warning" | "info";

/**
 * What of a feature has to be recomputed. `some`: which rows, only the data can tell; `orphans`: nothing, but rows
 * stay behind that nothing expects any more.
 */
export type Recompute = "none" | "orphans" | "some" | "all";

/** What a change does to TypeScript code that uses the generated module. */
export type TypesEffect = "none" | "additive" | "breaking";

/** Kinds of changes. Stable: `--fail-on` and acknowledgements name them. */
export type RuleId =
  | ProjectRuleId
  | CauseRule
  | "feature-added"
  | ModuleRuleId
  | RowRuleId
  | ColumnRuleId
  | ConsequenceRuleId;

/** Kinds of changes that decide how a module is imported and called. */
export type ModuleRuleId = "export-renamed" | "module-moved" | "root-derived-changed" | "definition";

/** Kinds of changes that decide which rows resolve, and what they carry. */
export type RowRuleId =
  | "id-columns"
  | "id-column-order"
  | "lineage-kind"
  | "lineage-on"
  | "filter"
  | "dep-optional"
  | "dep-required"
  | "select"
  | "rename";

/** Kinds of changes of the columns of a feature's table. */
export type ColumnRuleId =
  | "column-added"
  | "required-column-added"
  | "column-renamed"
  | "column-seems-renamed"
  | "column-removed"
  | "column-type"
  | "column-int64"
  | "column-format"
  | "column-nullable"
  | "column-required"
  | "column-enum-widened"
  | "column-enum-narrowed"
  | "column-constraint";

/** Kinds of changes that concern every feature at once. */
export type ProjectRuleId = "hash-length" | "version-formula";

/** Kinds of changes that move the version of a field. */
export type CauseRule =
  | "code-version"
  | "field-lineage"
  | "dep-added"
  | "dep-removed"
  | "field-added"
  | "root-field-added"
  | "field-removed"
  | "field-renamed"
  | "feature-removed"
  | "feature-renamed";

/** Kinds of changes that follow from others, often from those of an upstream feature. */
export type ConsequenceRuleId =
  | "upstream-rows-changed"
  | "join-columns"
  | "grain-changed"
  | "input-column-added"
  | "input-column-removed"
  | "input-column-renamed"
  | "input-column-type"
  | "input-column-nullable"
  | "input-column-required";

/** What a change is about, as its message tells it. */
export interface ChangeFacts {
  /** Key of the feature; empty where it concerns the whole project. */
  readonly feature: string;
  /** The field, column or upstream feature. */
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  /** The upstream feature through which it comes, where that is not the subject. */
  readonly upstream?: string;
  /** The part of the subject: of a column, say, the member that changed. */
  readonly detail?: string;
  /** Whether a spec says so by `renamedFrom`. */
  readonly isDeclared?: boolean;
  /** What becomes of stored values of a column whose type changed. */
  readonly stored?: ColumnTransition;
  /** Why a field is led to its parents by no deps of its own, though it was: there are none, or none of its feature. */
  readonly missingDeps?: "own-deps" | "deps";
}

/** What there is to know of a kind of change. */
export interface Rule {
  readonly severity: ChangeSeverity;
  /** What it makes necessary for the feature by itself. */
  readonly recompute: Recompute;
  readonly types: TypesEffect;
  /** Whether it changes which rows there are, and so reaches the features below whatever fields they read. */
  readonly affectsDownstream: boolean;
  /** One sentence: what happened. */
  readonly title: string;
  /** The same sentence with names and values. */
  message(facts: ChangeFacts): string;
  /** Why it is judged so, and what to do. Markdown. */
  readonly explanation: string;
}

/** A part of the table of rules. */
export type RulesOf<Id extends RuleId> = { readonly [id in Id]: Rule };
