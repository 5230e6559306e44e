import type { TransitionVerdict } from "../../../runtime/columns/column-transition.ts";
import type { CauseRule, ChangeSeverity, ProjectRuleId, Recompute, RuleId, TypesEffect } from "./rule.ts";

/**
 * What moved between two states of a project, and why. Plain data: every renderer starts from it, and its JSON form is
 * published (`stemma/diff.schema.json`).
 */
export interface VersionDiff {
  readonly diffVersion: 1;
  /** Absent where there is nothing to compare with: then everything is added. */
  readonly before?: BaseState;
  /**
   * A sentence, present where the base that was wanted was not found, and something else or nothing stands in for it:
   * what was committed already may not show.
   */
  readonly baseFallback?: string;
  readonly after: ProjectState;
  readonly totals: DiffTotals;
  /** What moved every version of the project at once; not repeated at each field. */
  readonly causes: readonly ProjectChange[];
  /**
   * Keys of the features that have something to recompute, in an order in which they can run: upstream first. Where a
   * store was asked, those that have work there.
   */
  readonly runOrder: readonly string[];
  /** Keys of the others that have work if features above make other rows than before, upstream first. */
  readonly mayRun: readonly string[];
  /** Every feature of either state, ordered by key parts. */
  readonly features: readonly FeatureDiff[];
}

/** One of the two states that are compared. */
export interface ProjectState {
  readonly projectVersion: string;
}

/** The state that is compared with, and where it comes from. */
export interface BaseState extends ProjectState {
  /** What the user named: a branch, a commit, a folder or a file. */
  readonly ref?: string;
  /** The commit that was taken, where it is the merge base with `ref`. */
  readonly mergeBase?: string;
}

/** How many features and fields have each status. */
export interface DiffTotals {
  readonly features: Readonly<Record<FeatureStatus, number>>;
  readonly fields: Readonly<Record<FieldStatus, number>>;
}

/**
 * What happened to a field. `direct`: its version moved by an edit of its own feature; `indirect`: only by what it is
 * computed from or, where it names no causes, by those of the whole project.
 */
export type FieldStatus = "added" | "removed" | "direct" | "indirect" | "unchanged";

/**
 * What happened to a feature: the most direct of what happened to its fields and to what decides its rows and types.
 * `metadataOnly`: nothing of that, only the words around it (descriptions, metadata).
 */
export type FeatureStatus = FieldStatus | "metadataOnly";

/** A feature of either state. */
export interface FeatureDiff {
  readonly key: string;
  readonly status: FeatureStatus;
  /** What of its rows has to be recomputed, once the features above it have run. */
  readonly recompute: Recompute;
  /** What becomes of code that uses its generated module. */
  readonly types: TypesEffect;
  /** The key that it had; absent where it keeps its key. */
  readonly renamedFrom?: string;
  /** Absent for an added feature. */
  readonly before?: FeatureState;
  /** Absent for a removed feature. */
  readonly after?: FeatureState;
  /** Every field of either state, ordered by key. */
  readonly fields: readonly FieldDiff[];
  /** The edits of this feature, then what follows for it from edits elsewhere. */
  readonly changes: readonly Change[];
  /** Branches by which nothing reaches it: fields moved there, but none that it reads. */
  readonly pruned: readonly PrunedBranch[];
  /** Upstream features that moved and of which its module names facts: why the module is another, though it is not. */
  readonly embedsChanged: readonly string[];
  /**
   * Keys of the features above that run, and must make the same rows again for its rows to stay as they are: absent where
   * its rows are new anyway, or rest on nothing. Where a store was asked, `rows.assumes` tells more.
   */
  readonly assumes?: readonly string[];
  /** Present where its rows show as lost until others have run, though nothing is wrong with them. */
  readonly blockedBy?: BlockedBy;
  /** Present where the feature has a version again that it had before: rows stored under it count again. */
  readonly revertOf?: Revert;
  /** Only where a store was asked. */
  readonly rows?: RowCounts;
  /** What its table needs; only where a store was asked, and where the table needs anything. */
  readonly table?: TableForecast;
  /** A sentence, in place of `rows` where the store that was asked does not suit the feature: why, and what to do. */
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
  /** The key that it had; absent where it keeps its key. */
  readonly renamedFrom?: string;
  /** Version before; absent for an added field. */
  readonly before?: string;
  /** Version after; absent for a removed field. */
  readonly after?: string;
  /** All edits that moved the version, nearest first; none for a field that came or went. */
  readonly causes: readonly Cause[];
}

/** An edit that moved the version of a field. */
export interface Cause {
  /** Full names of fields, from the moved one up to the edited one, by the shortest way. */
  readonly path: readonly string[];
  readonly rule: CauseRule;
  readonly from?: string;
  readonly to?: string;
  /** Where the edited part stands now; the nearest enclosing part where it is gone. */
  readonly at?: Location;
}

/** A change, judged twice: what it makes necessary to recompute, and what it does to users of the types. */
export interface Change {
  readonly rule: RuleId;
  readonly severity: ChangeSeverity;
  /** What happened, in one sentence with the names and values at hand. */
  readonly message: string;
  readonly recompute: Recompute;
  readonly types: TypesEffect;
  /** Of a column whose type changed: what becomes of the values that are stored. */
  readonly stored?: TransitionVerdict;
  /** The field, column or upstream feature that it concerns; absent where it concerns the feature as a whole. */
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  /** Where it is seen now; absent where nothing of it is left. */
  readonly at?: Location;
  /** The same for the same change of the same thing, wherever it stands in the spec. */
  readonly fingerprint: string;
  /** Whether somebody signed it: then it never fails. */
  readonly acknowledged: boolean;
  /** The reason that was given. */
  readonly reason?: string;
}

/** A change that concerns every feature at once. */
export interface ProjectChange extends Change {
  readonly rule: ProjectRuleId;
}

/** A branch above a feature by which nothing reaches it. */
export interface PrunedBranch {
  /** Key of the direct upstream feature. */
  readonly upstream: string;
  /** Keys of its fields that moved, came or went. */
  readonly moved: readonly string[];
  /** Keys of its fields that the feature reads; they kept their versions. Empty: it reads none. */
  readonly reads: readonly string[];
}

/** What a feature that kept its version waits for: the rows above it are stored under older versions. */
export interface BlockedBy {
  /** Keys of the features that have to run, in an order in which they can. */
  readonly features: readonly string[];
  /** As what its stored rows show until then. Keep them. */
  readonly appearsAs: "orphaned" | "stale";
}

/** A past state in which a feature had the version that it has now. */
export interface Revert {
  /** The latest one: a commit or a tag. */
  readonly ref: string;
}

/** How many units of work of a feature are what under the new definitions. */
export interface RowCounts {
  /** Name of one unit: `video`. */
  readonly workItem?: string;
  readonly new: number;
  readonly stale: number;
  readonly orphaned: number;
  readonly upToDate: number;
  /**
   * `true`: features above have to run first. At most so many are new or stale: where a run above finds that a result
   * did not change, fewer are. On which rows made again it rests, `assumes` tells.
   */
  readonly upperBound?: true;
  /**
   * `true`: more may come than is counted. Something above was never computed, such as parents that have no children
   * yet, or a root that was never written, and only its run can tell how many rows it has.
   */
  readonly incomplete?: true;
  /**
   * Keys of the features above that have to run, and must make the same rows again for these counts to hold: an expansion
   * may cut its parents otherwise, a filter may read what is computed anew.
   */
  readonly assumes?: readonly string[];
  /** Stored rows of the current version that the spec would refuse. */
  readonly misfits?: readonly Misfit[];
}

/** Stored rows that the spec would refuse. */
export interface Misfit {
  readonly column: string;
  /** `required`: they have no value there; else the keyword of a constraint that they break. */
  readonly rule: string;
  /** How many rows, not units of work. */
  readonly rows: number;
}

/** What the stored table of a feature needs under the new definitions. */
export interface TableForecast {
  /** What is blocked stands first; never empty. */
  readonly steps: readonly TableStep[];
}

/** A change that the first write makes to a table, or a column that keeps it from being written. Types are DuckDB's. */
export type TableStep =
  | BlockedColumn
  /** Each stored value stays exactly what it is. */
  | { readonly kind: "change-type"; readonly column: string; readonly from: string; readonly to: string }
  /** A renamed column gets what is stored under its old name. */
  | { readonly kind: "copy-column"; readonly column: string; readonly from: string; readonly type: string }
  /** Stored rows are null there. */
  | { readonly kind: "add-column"; readonly column: string; readonly type: string }
  /** Versions of fields that the table does not know. */
  | { readonly kind: "add-fields"; readonly fields: readonly string[] };

/** Nothing is resolved or written before the column is migrated or gets another name; `rows` counts as if it were. */
export interface BlockedColumn {
  readonly kind: "blocked";
  readonly column: string;
  readonly from: string;
  readonly to: string;
  /** Stored rows whose value is none of the declared type; 0 where the stored type can't hold declared values. */
  readonly rows: number;
  /** Of how many. */
  readonly storedRows: number;
  /** Whether `stemma migrate` brings every value to the declared type; else it does with `--drop` alone. */
  readonly converts: boolean;
  /** Rows of the current version that have no value after `--drop` though one is required: they run again then. */
  readonly rowsToWriteAgain: number;
}

/** A place in a spec, counted from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
