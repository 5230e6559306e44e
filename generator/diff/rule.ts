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
  | "export-renamed"
  | "module-moved"
  | "root-changed"
  | "root-field-added"
  | "id-columns"
  | "id-column-order"
  | "lineage-kind"
  | "lineage-on"
  | "filter"
  | "dep-optional"
  | "dep-required"
  | "select"
  | "rename"
  | "column-added"
  | "required-column-added"
  | "column-removed"
  | "column-type"
  | "column-int64"
  | "column-format"
  | "column-nullable"
  | "column-required"
  | "column-enum-widened"
  | "column-enum-narrowed"
  | "column-constraint"
  | "definition"
  | ConsequenceRuleId;

/** Kinds of changes that concern every feature at once. */
export type ProjectRuleId = "hash-length" | "formula";

/** Kinds of changes that move the version of a field. */
export type CauseRule =
  | "code-version"
  | "field-lineage"
  | "dep-added"
  | "dep-removed"
  | "field-added"
  | "field-removed"
  | "feature-removed";

/** Kinds of changes that follow from others, often from those of an upstream feature. */
export type ConsequenceRuleId =
  | "upstream-rows"
  | "join-columns"
  | "grain"
  | "input-column-added"
  | "input-column-removed"
  | "input-column-type"
  | "input-column-nullable"
  | "input-column-required";

/** What there is to know of a kind of change. */
export interface Rule {
  readonly id: RuleId;
  readonly severity: ChangeSeverity;
  /** One sentence: what happened. */
  readonly title: string;
  /** What it makes necessary by itself; a feature whose version moves is recomputed anyway. */
  readonly recompute: Recompute;
  readonly types: TypesEffect;
  /** Why it is judged so, and what to do. Markdown. */
  readonly explanation: string;
}
