import type { IdOf } from "./feature.ts";
import type { RowsInput } from "./increment.ts";
import type { Filter } from "./store.ts";

/** A set of an increment whose samples are stored: `increment.orphaned` or `increment.stale`. */
export interface StoredSet {
  readonly kind: "stale" | "orphaned";
  readonly count: number;
  readonly rowCount: number;
}

/**
 * Which samples to delete: a filter in the feature's own columns (a list is AND-ed), one id, many ids, or a set of an
 * increment.
 *
 * A filter reads columns by their stored types, which the spec may no longer declare. Ids are objects with the id
 * columns, so rows that a store gave serve as well. An empty list deletes nothing; all samples are `"TRUE"`.
 */
export type DeleteTarget<F> = Filter | IdOf<F> | RowsInput<IdOf<F>> | StoredSet;

/** Settings of a delete. */
export interface DeleteOptions {
  /**
   * Removes the rows of the samples from the table and frees their space. Without it, a sample gets a row that marks it
   * as deleted: reads and resolves leave it out, and a later write of the sample revives it.
   */
  readonly hard?: boolean;
  /**
   * Deletes under every feature version of the table, not only under the current one. After a hard delete without it, a
   * sample with rows under older versions counts as waiting for its feature to run (`increment.pendingUpstream` of
   * downstream features).
   */
  readonly history?: boolean;
  /**
   * Also deletes the samples downstream that were made from the deleted ones, upstream first: those that agree with one in
   * the join columns, so all groups of an aggregation that a deleted sample was part of, which are new then. Needs a store
   * that was opened with its `project`.
   */
  readonly cascade?: boolean;
  /** Deletes orphans even if an upstream feature has to run first, for which they may only be waiting. */
  readonly force?: boolean;
  /** Counts what would be removed, and changes nothing. Works in a store that is open read-only. */
  readonly dryRun?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is deleted. */
  readonly signal?: AbortSignal;
}

/** What a delete did, or would do for `dryRun`. */
export interface DeleteResult {
  /** Deleted samples: they were stored and not deleted before. */
  readonly samples: number;
  /** Rows that were marked or removed from the table; with `hard`, including the earlier rows of a sample. */
  readonly rows: number;
  /**
   * Rows without an id that were removed from the table. They belong to no sample, so no mark can hide them: a filter
   * that names an id column, such as `video_id IS NULL`, removes them with `hard` and without.
   */
  readonly rowsWithoutId: number;
  /** Parents of an expansion that are no longer marked as empty. */
  readonly emptyParents: number;
  /** Ids of the first five samples as text, in the order of their ids. */
  readonly examples: readonly Readonly<Record<string, string>>[];
  /**
   * Downstream features with samples that were made from the deleted ones, upstream first. Without `cascade`, features are
   * left out whose table has another shape than their spec needs. Absent if the store was opened
   * without its `project`, and so does not know them.
   */
  readonly downstream?: readonly DownstreamDeletion[];
}

/** Samples of a downstream feature that were made from deleted ones. */
export interface DownstreamDeletion {
  /** Key of the feature. */
  readonly feature: string;
  /** With `cascade`, how many were deleted; without it, how many still hold what was made from deleted samples. */
  readonly samples: number;
  /** Rows of these samples, as {@link DeleteResult.rows} counts them. */
  readonly rows: number;
  /** Parents that are marked as empty, and were made from deleted samples. */
  readonly emptyParents: number;
}

/** Settings of a drop. */
export interface DropOptions {
  /** Counts what would be removed, and changes nothing. Works in a store that is open read-only. */
  readonly dryRun?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is dropped. */
  readonly signal?: AbortSignal;
}

/** What a drop did, or would do for `dryRun`. */
export interface DropResult {
  /** Whether the feature has a table; false for one that was never written. */
  readonly existed: boolean;
  /** Rows of its table, including all versions and marks of deletion. */
  readonly rows: number;
  /** Names of the dropped tables: the feature's own, and those that Stemma keeps beside it. */
  readonly tables: readonly string[];
}
