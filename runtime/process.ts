import type { FieldOf, GrainOf, InputOf, TypesOf } from "./feature.ts";
import type { OutputRowOf, RowGroup, WriteOptions } from "./increment.ts";
import type { ResolveOptions } from "./store.ts";

/** What a worker computes from at once: a sample or a parent, which is a row, or a group with its rows. */
export type WorkItemOf<F> =
  TypesOf<F> extends { readonly workItem: "group" } ? RowGroup<WorkItemRow<F>, GrainOf<F>> : WorkItemRow<F>;

/** A row of a unit. Where it is stale, it says which fields changed. */
export type WorkItemRow<F> = InputOf<F> & { readonly metaxy_changed_fields?: readonly FieldOf<F>[] };

/** What a worker returns: a row, several, or none. */
export type WorkerResult<F> = OutputRowOf<F> | readonly OutputRowOf<F>[] | null | undefined;

/** Computes what a unit asks for. What it throws is the failure of this unit alone. */
export type Worker<F> = (
  item: WorkItemOf<F>,
  context: WorkerContext,
) => WorkerResult<F> | Promise<WorkerResult<F>>;

/** What a worker may want to know. */
export interface WorkerContext {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt at this unit. */
  readonly attempt: number;
}

/** Settings of {@link Store.process}; those of a resolve say which units there are. */
export interface ProcessOptions<F> extends ResolveOptions<F>, WriteOptions {
  /** How many units are worked on at once. Default 1. */
  readonly concurrency?: number;
  /**
   * Rows that are written at once. A unit is never split, so a batch may have some more; one that is 10 seconds old, or
   * takes 64 MiB of memory, is written earlier. Default 122,880: what DuckDB writes best.
   */
  readonly batchSize?: number;
  /** How often a unit is tried again after its worker threw. Default 0. */
  readonly retries?: number;
  /** Called after each write. */
  readonly onProgress?: (progress: ProcessProgress) => void;
  /**
   * Stops the work: no further unit is begun, workers are waited for, and what they answered is written. The call then
   * rejects with the code `cancelled`.
   */
  readonly signal?: AbortSignal;
}

/** How far the work is. */
export interface ProcessProgress {
  /** Units that there are to do. */
  readonly total: number;
  /** Units that are done: written, marked as empty, or without an answer. */
  readonly done: number;
  readonly failed: number;
  /** Rows written. */
  readonly rows: number;
}

/** What was done. */
export interface ProcessTotals<F> {
  /** Units whose rows were written. */
  readonly written: number;
  /** Rows written. */
  readonly rows: number;
  /** Children that were soft-deleted, since a re-expanded parent does not have them any more. */
  readonly superseded: number;
  /** Parents without children, marked as such. */
  readonly empty: number;
  /** Units of other features for which the worker returned nothing: they stay new or stale. */
  readonly skipped: number;
  /** Units that stay new or stale since the worker threw, or returned rows that can't be written. */
  readonly failed: readonly FailedWorkItem<F>[];
}

/** A unit that could not be done. */
export interface FailedWorkItem<F> {
  readonly id: GrainOf<F>;
  readonly error: Error;
}
