import type { ColumnTransition } from "../../../runtime/columns/column-transition.ts";
import type { Severity } from "../../diagnostics/severity.ts";

/**
 * Which rows of a feature to recompute. `some`: the data decides which; `orphans`: none, but stored rows are no longer
 * expected.
 */
export type Recompute = "none" | "orphans" | "some" | "all";

/** The effect of a change on TypeScript code that uses the generated module. */
export type TypesEffect = "none" | "additive" | "breaking";

/** Kinds of changes. Stable: `--fail-on` and acknowledgements use them. */
export type RuleId =
  | ProjectRuleId
  | CauseRule
  | "feature-added"
  | ModuleRuleId
  | RowRuleId
  | ColumnRuleId
  | ConsequenceRuleId;

/** Changes of how a module is imported and called. */
export type ModuleRuleId = "export-renamed" | "module-moved" | "root-derived-changed" | "definition";

/** Changes of which rows resolve, and which columns they carry. */
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

/** Changes of the columns of a feature's table. */
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

/** Changes of every feature at once. */
export type ProjectRuleId = "hash-length" | "version-formula";

/** Changes that move the version of a field. */
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

/** Consequences of other changes, often of those of an upstream feature. */
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

/** The facts of a change that its message prints. */
export interface ChangeFacts {
  /** Key of the feature; empty for the whole project. */
  readonly feature: string;
  /** The field, column or upstream feature. */
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  /** The upstream feature through which it comes, where that is not the subject. */
  readonly upstream?: string;
  /** The part of the subject: of a column, for example, the changed member. */
  readonly detail?: string;
  /** Whether `renamedFrom` declares a rename. */
  readonly isDeclared?: boolean;
  /** What happens to stored values of a column whose type changed. */
  readonly stored?: ColumnTransition;
  /** Which deps are missing now, where they gave the field its parents before: its own, or those of its feature. */
  readonly missingDeps?: "own-deps" | "deps";
}

/** A kind of change: its effects and its texts. */
export interface Rule {
  readonly severity: Severity;
  /** Its effect on the rows of the feature itself. */
  readonly recompute: Recompute;
  readonly types: TypesEffect;
  /** Whether it changes which rows exist, and so affects downstream features, whichever fields they read. */
  readonly affectsDownstream: boolean;
  /** One sentence. */
  readonly title: string;
  /** The same sentence with names and values. */
  message(facts: ChangeFacts): string;
  /** Why it has these effects, and what to do. Markdown. */
  readonly explanation: string;
}

/** A part of the table of rules. */
export type RulesOf<Id extends RuleId> = { readonly [id in Id]: Rule };
