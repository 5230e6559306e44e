import type { UpstreamOf } from "./feature.ts";
import type { PendingUpstream } from "./increment.ts";
import type { ResolveOptions } from "./resolving.ts";

/** Settings of {@link Store.progress}: those of a resolve that decide which work items are expected and stored. */
export type ProgressOptions<F> = Omit<ResolveOptions<F>, "skipComparison" | "excludeFailed" | "lenient">;

/** How far a feature is computed, in work items: samples, groups, or parents of an expansion. */
export interface Progress<F> {
  readonly feature: string;
  readonly featureVersion: string;
  /** Work items that its upstream features ask for. */
  readonly expected: number;
  /** Expected ones with nothing to do. */
  readonly upToDate: number;
  /** Expected ones that are not stored under the current feature version. */
  readonly new: number;
  /** Expected ones that are stored with another provenance, or selected by `staleIf`. */
  readonly stale: number;
  /** Stored ones that are no longer expected. */
  readonly orphaned: number;
  /** New and stale ones that failed before with the same inputs: `store.process` leaves them out. */
  readonly failed: number;
  /** `upToDate` of `expected`, from 0 to 1. Null if nothing is expected. */
  readonly share: number | null;
  /** Upstream features that have to run first: until then, not all samples are expected. */
  readonly pendingUpstream: readonly PendingUpstream<UpstreamOf<F>>[];
  /** The latest run of `store.process` under this feature version that had work and came to its end; null if none did. */
  readonly lastRun: LastRun | null;
  /**
   * Seconds that `store.process` would take for what is left without failed ones, at the pace of the last run, its
   * concurrency included. Null if there was none.
   */
  readonly secondsLeft: number | null;
}

/** A run of `store.process` that came to its end. */
export interface LastRun {
  readonly id: string;
  /** When it ended: RFC 3339 in UTC, with microseconds. */
  readonly at: string;
  /** Work items that succeeded or failed. */
  readonly items: number;
  /** Seconds from its beginning to its end. */
  readonly seconds: number;
  /** Seconds that the worker took for a work item. With concurrency, several pass at the same time. */
  readonly secondsPerItem: number;
}
