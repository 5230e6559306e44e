/**
 * What moved between two states of a project, and why. Plain data: every renderer starts from it, and its JSON form is
 * published.
 */
export interface VersionDiff {
  readonly diffVersion: 1;
  /** Absent where there is nothing to compare with: then everything is added. */
  readonly before?: ProjectState;
  readonly after: ProjectState;
  readonly totals: DiffTotals;
  /** What moved every version of the project at once; not repeated at each field. */
  readonly causes: readonly ProjectCause[];
  /** Every feature of either state, ordered by key parts. */
  readonly features: readonly FeatureDiff[];
}

/** One of the two states that are compared. */
export interface ProjectState {
  readonly projectVersion: string;
}

/** How many features and fields have each status. */
export interface DiffTotals {
  readonly features: Readonly<Record<FeatureStatus, number>>;
  readonly fields: Readonly<Record<FieldStatus, number>>;
}

/**
 * What happened to a field. `direct`: its version moved by an edit of its own feature; `indirect`: only by what it is
 * computed from.
 */
export type FieldStatus = "added" | "removed" | "direct" | "indirect" | "unchanged";

/**
 * What happened to a feature: the most direct of what happened to its fields and to what decides its rows.
 * `definitionOnly`: nothing of that, only the words around it (descriptions, metadata).
 */
export type FeatureStatus = FieldStatus | "definitionOnly";

/** A feature of either state. */
export interface FeatureDiff {
  readonly key: string;
  readonly status: FeatureStatus;
  /** Absent for an added feature. */
  readonly before?: FeatureState;
  /** Absent for a removed feature. */
  readonly after?: FeatureState;
  /** Every field of either state, ordered by key. */
  readonly fields: readonly FieldDiff[];
}

/** Versions of a feature in one state. */
export interface FeatureState {
  readonly featureVersion: string;
  readonly definitionVersion: string;
}

/** A field of either state. */
export interface FieldDiff {
  readonly key: string;
  readonly status: FieldStatus;
  /** Version before; absent for an added field. */
  readonly before?: string;
  /** Version after; absent for a removed field. */
  readonly after?: string;
  /** All edits that moved the version, nearest first. */
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
  readonly at?: Place;
}

/** Kinds of edits that move the version of a field. Stable ids. */
export type CauseRule =
  | "code-version"
  | "parents-changed"
  | "dep-added"
  | "dep-removed"
  | "field-added"
  | "field-removed";

/** A cause that lies in no feature. */
export type ProjectCause =
  /** Another number of characters is kept of each hash. */
  | { readonly rule: "hash-length"; readonly from: number; readonly to: number }
  /** Versions moved though nothing they are made of did: another formula, or a manifest that was edited by hand. */
  | { readonly rule: "formula" };

/** A place in a spec, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
