import type { TransitionVerdict } from "../../../runtime/columns/column-transition.ts";
import type { Location } from "../../diagnostics/location.ts";
import type { Severity } from "../../diagnostics/severity.ts";
import type { CauseRule, ProjectRuleId, Recompute, RuleId, TypesEffect } from "../rules/rule.ts";

/**
 * Which versions changed between two states of a project, and why. Plain data: every renderer starts from it, and its
 * JSON form is published (`stemma/diff.schema.json`).
 */
export interface VersionDiff {
  readonly diffVersion: 1;
  /** Absent where no base exists: then every feature is added. */
  readonly before?: BaseState;
  /**
   * Present where the requested base was not found and another one, or none, replaces it: a sentence with the reason.
   * Changes that were committed already may be missing.
   */
  readonly baseFallback?: string;
  readonly after: ProjectState;
  readonly totals: DiffTotals;
  /** Changes that moved every version of the project at once; not repeated at each field. */
  readonly causes: readonly ProjectChange[];
  /** Keys of the features to run, upstream first. With a store: those that have work there. */
  readonly runOrder: readonly string[];
  /** Keys of the features that have work only if upstream features make other rows than before, upstream first. */
  readonly mayRun: readonly string[];
  /** Every feature of either state, ordered by key parts. */
  readonly features: readonly FeatureDiff[];
}

/** One of the two states. */
export interface ProjectState {
  readonly projectVersion: string;
}

/** The state before, and where it comes from. */
export interface BaseState extends ProjectState {
  /** The branch, commit, folder or file that the user named. */
  readonly ref?: string;
  /** The commit, where it is the merge base with `ref`. */
  readonly mergeBase?: string;
}

/** Number of features and fields by status. */
export interface DiffTotals {
  readonly features: Readonly<Record<FeatureStatus, number>>;
  readonly fields: Readonly<Record<FieldStatus, number>>;
}

/**
 * What happened to a field. `direct`: an edit of its own feature changed its version; `indirect`: edits of upstream
 * features did or, where it has no causes, those of the whole project.
 */
export type FieldStatus = "added" | "removed" | "direct" | "indirect" | "unchanged";

/**
 * What happened to a feature: the most direct status of its fields and of what decides its rows and types.
 * `metadataOnly`: only descriptions or metadata changed.
 */
export type FeatureStatus = FieldStatus | "metadataOnly";

/** A feature of either state. */
export interface FeatureDiff {
  readonly key: string;
  readonly status: FeatureStatus;
  /** Which of its rows to recompute, once its upstream features have run. */
  readonly recompute: Recompute;
  /** Whether code that uses its generated module still compiles. */
  readonly types: TypesEffect;
  /** Its key before; absent where it keeps its key. */
  readonly renamedFrom?: string;
  /** Absent for an added feature. */
  readonly before?: FeatureState;
  /** Absent for a removed feature. */
  readonly after?: FeatureState;
  /** Every field of either state, ordered by key. */
  readonly fields: readonly FieldDiff[];
  /** The edits of this feature, then the consequences of edits elsewhere. */
  readonly changes: readonly Change[];
  /** Upstream branches with changed fields, of which it reads none. */
  readonly pruned: readonly PrunedBranch[];
  /** Changed upstream features whose versions or columns its module embeds: the module is regenerated, the feature unchanged. */
  readonly embedsChanged: readonly string[];
  /**
   * Keys of the upstream features that run, and must make the same rows again for its rows to stay up to date. Absent
   * where its rows are new anyway, or depend on no such feature. With a store, `rows.assumes` is more exact.
   */
  readonly assumes?: readonly string[];
  /** Present where its stored rows appear as orphaned or stale until upstream features have run. */
  readonly blockedBy?: BlockedBy;
  /** Present where the feature returns to an earlier version: rows stored under it count again. */
  readonly revertOf?: Revert;
  /** Only with a store. */
  readonly rows?: RowCounts;
  /** Only with a store, where the table needs a change. */
  readonly table?: TableForecast;
  /** In place of `rows`, where the store cannot be compared with the feature: a sentence with the reason and the remedy. */
  readonly rowsUnavailable?: string;
}

/** A feature in one state. */
export interface FeatureState {
  readonly featureVersion: string;
  readonly definitionVersion: string;
  /** Name of the export. */
  readonly name: string;
  /** Path of the spec. */
  readonly spec: string;
  /** Keys of the direct upstream features, ordered. */
  readonly upstream: readonly string[];
}

/** A field of either state. */
export interface FieldDiff {
  readonly key: string;
  readonly status: FieldStatus;
  /** Its key before; absent where it keeps its key. */
  readonly renamedFrom?: string;
  /** Version before; absent for an added field. */
  readonly before?: string;
  /** Version after; absent for a removed field. */
  readonly after?: string;
  /** All edits that changed the version, nearest first; empty for an added or removed field. */
  readonly causes: readonly Cause[];
}

/** An edit that changed the version of a field. */
export interface Cause {
  /** Full names of fields, from the changed one up to the edited one, by the shortest path. */
  readonly path: readonly string[];
  readonly rule: CauseRule;
  readonly from?: string;
  readonly to?: string;
  /** Location of the edited part now; of the nearest enclosing part where it was removed. */
  readonly at?: Location;
}

/** A change with both of its effects: on stored rows, and on users of the types. */
export interface Change {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** One sentence with names and values. */
  readonly message: string;
  readonly recompute: Recompute;
  readonly types: TypesEffect;
  /** For a column whose type changed: what happens to stored values. */
  readonly stored?: TransitionVerdict;
  /** The field, column or upstream feature; absent for the feature as a whole. */
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  /** Location now; absent where nothing is left of it. */
  readonly at?: Location;
  /** Equal for the same change of the same subject, at any location. */
  readonly fingerprint: string;
  /** Whether the change is accepted, so that it never fails. */
  readonly acknowledged: boolean;
  /** Why it is accepted. */
  readonly reason?: string;
}

/** A change of every feature at once. */
export interface ProjectChange extends Change {
  readonly rule: ProjectRuleId;
}

/** An upstream branch whose changes do not reach a feature. */
export interface PrunedBranch {
  /** Key of the direct upstream feature. */
  readonly upstream: string;
  /** Keys of its fields that changed. */
  readonly moved: readonly string[];
  /** Keys of its fields that the feature reads; all are unchanged. Empty: it reads none. */
  readonly reads: readonly string[];
}

/** What blocks a feature that keeps its version: upstream rows are stored under older versions. */
export interface BlockedBy {
  /** Keys of the features to run, upstream first. */
  readonly features: readonly string[];
  /** How its stored rows appear until then. Keep them. */
  readonly appearsAs: "orphaned" | "stale";
}

/** An earlier state in which a feature had the version that it has now. */
export interface Revert {
  /** The latest such state: a commit or a tag. */
  readonly ref: string;
}

/** Counts of work items of a feature under the new definitions. */
export interface RowCounts {
  /** Name of one work item: `video`. */
  readonly workItem?: string;
  readonly new: number;
  readonly stale: number;
  readonly orphaned: number;
  readonly upToDate: number;
  /**
   * `true`: upstream features run first, so `new` and `stale` are upper bounds: fewer where an upstream run finds its
   * results unchanged. `assumes` names the features that must make the same rows again.
   */
  readonly upperBound?: true;
  /**
   * `true`: more work items may follow. Something upstream was never computed (parents without children yet, a root
   * never written), and only its run knows how many rows it has.
   */
  readonly incomplete?: true;
  /**
   * Keys of the upstream features that run, and must make the same rows again for these counts to hold: an expansion may
   * split its parents otherwise, a filter may read what is recomputed.
   */
  readonly assumes?: readonly string[];
  /** Stored rows of the current version that the spec refuses. */
  readonly misfits?: readonly Misfit[];
}

/** Stored rows that the spec refuses. */
export interface Misfit {
  readonly column: string;
  /** `required`: the rows have no value; else the keyword of the constraint that they break. */
  readonly rule: string;
  /** Number of rows, not of work items. */
  readonly rows: number;
}

/** What the stored table of a feature needs under the new definitions. */
export interface TableForecast {
  /** Blocked columns first; never empty. */
  readonly steps: readonly TableStep[];
}

/** A change that the first write makes to a table, or a column that blocks writing. Types are DuckDB's. */
export type TableStep =
  | BlockedColumn
  /** Each stored value stays exact. */
  | { readonly kind: "change-type"; readonly column: string; readonly from: string; readonly to: string }
  /** A renamed column gets the values stored under its old name. */
  | { readonly kind: "copy-column"; readonly column: string; readonly from: string; readonly type: string }
  /** Null in stored rows. */
  | { readonly kind: "add-column"; readonly column: string; readonly type: string }
  /** Versions of fields that the table lacks. */
  | { readonly kind: "add-fields"; readonly fields: readonly string[] };

/** Resolve and write fail until the column is migrated or renamed; `rows` counts as if it were. */
export interface BlockedColumn {
  readonly kind: "blocked";
  readonly column: string;
  /** The stored type. */
  readonly from: string;
  /** The declared type. */
  readonly to: string;
  /** Stored rows whose value does not fit the declared type; 0 where the stored type can't hold declared values. */
  readonly rows: number;
  /** All stored rows. */
  readonly storedRows: number;
  /** Whether `stemma migrate` converts every value; otherwise only `--drop` migrates the column. */
  readonly converts: boolean;
  /** Rows of the current version that lack a required value after `--drop`, and run again. */
  readonly rowsToWriteAgain: number;
}
