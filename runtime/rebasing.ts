import type { PendingUpstream } from "./increment.ts";

/** Settings of a rebase. */
export interface RebaseOptions {
  /**
   * The feature version under which the rows are stored. It may be left out where the table holds rows of only one other
   * version than the current one.
   */
  readonly from?: string;
  /** Stored in `metaxy_materialization_id` of each row. */
  readonly materializationId?: string;
  /** Counts what would be written, and changes nothing. Works in a store that is open read-only. */
  readonly dryRun?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is written. */
  readonly signal?: AbortSignal;
}

/** What a rebase did, or would do for `dryRun`. */
export interface RebaseResult {
  /** The feature version that the rows had. */
  readonly from: string;
  /** Work items that are up to date under the current version now: samples, groups, or parents of an expansion. */
  readonly samples: number;
  /** Rows that were written. */
  readonly rows: number;
  /** Work items that are no longer expected: gone upstream, or waiting for an upstream that has to run first. */
  readonly gone: number;
  /** Work items that have a row under the current version, even a mark of deletion: they are left as they are. */
  readonly present: number;
  /** Rows that lack a value that the spec requires now. They are written all the same, as they are stored. */
  readonly missingRequired: number;
  /** Upstream features that have to run first: rebase again once they did. */
  readonly pendingUpstream: readonly PendingUpstream[];
}
