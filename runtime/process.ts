import type { FieldOf, GrainOf, InputOf, NewCause, TypesOf } from "./feature.ts";
import type { OutputRowOf, RowGroup, WriteOptions } from "./increment.ts";
import type { ResolveOptions } from "./resolving.ts";

/** The input of one call of a worker: a row (a sample, or a parent of an expansion), or a group with its rows. */
export type WorkItemOf<F> =
  TypesOf<F> extends { readonly workItem: "group" } ? RowGroup<WorkItemRow<F>, GrainOf<F>> : WorkItemRow<F>;

/** A row of a work item. A row of a stale item names the changed fields, one of a new item why it is new. */
export type WorkItemRow<F> = InputOf<F> & {
  readonly metaxy_changed_fields?: readonly FieldOf<F>[];
  readonly metaxy_cause?: NewCause;
};

/** What a worker returns: a row, several, or none. */
export type WorkerResult<F> = OutputRowOf<F> | readonly OutputRowOf<F>[] | null | undefined;

/** Computes the outputs of one work item. If it throws, only this work item fails. */
export type Worker<F> = (
  item: WorkItemOf<F>,
  context: WorkerContext,
) => WorkerResult<F> | Promise<WorkerResult<F>>;

/** Further facts for a worker. */
export interface WorkerContext {
  /** Aborted when the result is no longer needed. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt at this work item. */
  readonly attempt: number;
}

/** Settings of {@link Store.process}; those of a resolve decide which work items exist. */
export interface ProcessOptions<F> extends ResolveOptions<F>, WriteOptions {
  /** How many work items are computed at the same time. Default 1. */
  readonly concurrency?: number;
  /**
   * Rows of one write. A work item is never split, so a batch may have a few more; a batch that is 10 seconds old or
   * takes 64 MiB of memory is written earlier. Default: what the engine writes best (DuckDB: 122,880).
   */
  readonly batchSize?: number;
  /** How often a work item is tried again after its worker threw. Default 0. */
  readonly retries?: number;
  /** Called after each write. */
  readonly onProgress?: (progress: ProcessProgress) => void;
  /**
   * Stops the work: no further work item starts, running workers finish, and their results are written. The call then
   * rejects with the code `cancelled`.
   */
  readonly signal?: AbortSignal;
}

/** The progress of the work. */
export interface ProcessProgress {
  /** Work items of the increment. */
  readonly total: number;
  /** Finished work items: written, marked as empty, or skipped. */
  readonly done: number;
  readonly failed: number;
  /** Rows written. */
  readonly rows: number;
}

/** The totals of {@link Store.process}. */
export interface ProcessTotals<F> {
  /** Work items whose rows were written. */
  readonly written: number;
  /** Rows written. */
  readonly rows: number;
  /** Children that were soft-deleted, since the new expansion of their parent lacks them. */
  readonly superseded: number;
  /** Parents without children, which were marked as empty. */
  readonly empty: number;
  /** Work items of other features for which the worker returned nothing: they stay new or stale. */
  readonly skipped: number;
  /** Work items that stay new or stale, since the worker threw or returned rows that can't be written. */
  readonly failed: readonly FailedWorkItem<F>[];
}

/** A work item that failed. */
export interface FailedWorkItem<F> {
  readonly id: GrainOf<F>;
  readonly error: Error;
}
