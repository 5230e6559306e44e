import type { Filter } from "./store.ts";

/** Settings of a copy. */
export interface CopyOptions {
  /** Filters by feature key, in that feature's own column names. */
  readonly filters?: { readonly [feature: string]: Filter };
  /** Filters on every feature: all of them need the columns. */
  readonly globalFilters?: Filter;
  /**
   * Copies every row under every feature version, with earlier rows and deletion marks. Without it, the current rows under
   * the features' current versions are copied. Default: false.
   */
  readonly history?: boolean;
  /** Counts what would be copied, and changes nothing. Works where this store is open read-only. */
  readonly dryRun?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is copied. */
  readonly signal?: AbortSignal;
}

/** What a copy did for one feature, or would do for `dryRun`. */
export interface FeatureCopy {
  /** Key of the feature. */
  readonly feature: string;
  /** Whether the other store has a table of the feature. */
  readonly existed: boolean;
  /** Rows that were appended here. */
  readonly rows: number;
  /** Rows that were left out, since this store has them already, or a later one of the sample. */
  readonly skipped: number;
  /** Parents of an expansion that were marked as empty here. */
  readonly emptyParents: number;
}
