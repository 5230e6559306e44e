import type { StemmaErrorCode } from "./errors.ts";
import type { FieldOf, GrainOf, InputOf, NewCause, TypesOf } from "./feature.ts";
import type { OutputRowOf, RowGroup, WriteOptions } from "./increment.ts";
import type { ResolveOptions } from "./resolving.ts";

/** What a worker computes at a time: a row (a sample, or a parent of an expansion), or a group with its rows. */
export type WorkItemOf<F> =
  TypesOf<F> extends { readonly workItem: "group" } ? RowGroup<WorkItemRow<F>, GrainOf<F>> : WorkItemRow<F>;

/** A row of a work item. A row of a stale item names the changed fields, one of a new item why it is new. */
export type WorkItemRow<F> = InputOf<F> & {
  readonly metaxy_changed_fields?: readonly FieldOf<F>[];
  readonly metaxy_cause?: NewCause;
};

type GrainColumn<F> = keyof GrainOf<F> & keyof OutputRowOf<F>;

/** An output of a single work item: grain columns that it lacks are filled in. */
export type WorkerOutputOf<F> = Omit<OutputRowOf<F>, GrainColumn<F>> &
  Partial<Pick<OutputRowOf<F>, GrainColumn<F>>>;

/** What a worker returns: a row, several, or none. */
export type WorkerResult<F> = WorkerOutputOf<F> | readonly WorkerOutputOf<F>[] | null | undefined;

/**
 * Computes the outputs of one work item. If it throws, only this work item fails. Grain columns that an output lacks are
 * filled in. A parent of an expansion without outputs is marked as empty; other work items without one are skipped.
 *
 * @example
 * ```ts
 * // A parent of an expansion, with any number of children.
 * await store.process(VideoChunk, async ({ video_id, path }) => {
 *   const parts = await cut(path);
 *   return parts.map((part, index) => ({ video_chunk_id: `${video_id}_${index}`, path: part }));
 * });
 * // A group of an aggregation, with its rows.
 * await store.process(SpeakerEmbedding, async ({ rows }) => {
 *   return { n_dim: 512, path: await embed(rows.map((row) => row.path)) };
 * }, { concurrency: 8 });
 * ```
 */
export type Worker<F> = (
  item: WorkItemOf<F>,
  context: WorkerContext,
) => WorkerResult<F> | Promise<WorkerResult<F>>;

/**
 * Computes the outputs of many work items in one call, as models on a GPU want it.
 *
 * Outputs belong to the work item whose grain columns they have, in whatever order they are. An item without an output
 * is skipped, or marked as empty if it is a parent. If a call throws, its items are halved and tried again, down to the
 * work item at fault: the others succeed.
 *
 * @example
 * ```ts
 * await store.process(FaceRecognition, {
 *   batch: 64,
 *   run: async (chunks) => {
 *     const counts = await countFaces(chunks.map(({ path }) => path));
 *     return chunks.map(({ video_chunk_id }, index) => ({ video_chunk_id, num_faces: counts[index] ?? 0 }));
 *   },
 * });
 * ```
 */
export interface BatchWorker<F> {
  /** Work items of one call. The last call, and calls after a failure, get fewer. */
  readonly batch: number;
  run(items: readonly WorkItemOf<F>[], context: WorkerContext): BatchResult<F> | Promise<BatchResult<F>>;
}

/** What a worker of batches returns: the outputs of all its work items. */
export type BatchResult<F> = readonly OutputRowOf<F>[] | null | undefined;

/** Further facts for a worker. */
export interface WorkerContext {
  /** Aborted when the result is no longer needed. */
  readonly signal: AbortSignal;
  /** 1 for the first call with these work items, one more for each call that had them before. */
  readonly attempt: number;
}

/** Settings of {@link Store.process}; those of a resolve decide which work items exist. */
export interface ProcessOptions<F> extends Omit<ResolveOptions<F>, "excludeFailed">, WriteOptions {
  /** How many calls of the worker run at the same time. Default 1. */
  readonly concurrency?: number;
  /**
   * Rows of one write. A work item is never split, so a write may have a few more; one that is 10 seconds old or takes
   * 64 MiB of memory begins earlier. Default: what the engine writes best (DuckDB: 122,880).
   */
  readonly batchSize?: number;
  /** How often a call is tried again after its worker threw, before a batch is halved. Default 0. */
  readonly retries?: number;
  /**
   * Seconds before the first retry. Each further one waits twice as long, 30 seconds at most, and up to half of it less,
   * so that calls which failed together are spread. Default 0.1.
   */
  readonly retryDelay?: number;
  /**
   * Also computes work items that failed before with the same inputs. Without it they are left out until
   * `store.errors(feature).reset()`. Default: false.
   */
  readonly retryFailed?: boolean;
  /**
   * Stops the work when more work items than this have failed: what was computed is written, and the call rejects with
   * the code `too-many-failures`. Default: stops after 100 failures in a row, or if the first 20 work items fail with the
   * same message. `Infinity` never stops.
   */
  readonly maxFailures?: number;
  /**
   * Refuses the work before its first item, with the code `too-much-work`, if more work items would run than expected.
   *
   * @example
   * ```ts
   * await store.process(Faces, worker, { atMost: { items: 5000, share: 0.1 } });
   * ```
   */
  readonly atMost?: WorkLimit;
  /**
   * Feature versions that may run however large their work is: the versions, or the path of a JSON file with an object
   * of feature keys and versions. They are those that `too-much-work` names.
   */
  readonly acknowledged?: string | readonly string[];
  /** Called after each write; the work waits for what it returns, and ends if it throws. `"bar"` draws a progress bar if stderr is a terminal. */
  readonly onProgress?: "bar" | ((progress: ProcessProgress) => unknown);
  /**
   * Stops the work: no further call starts, running ones have five seconds to finish, and their results are written. The
   * call then rejects with the code `cancelled`.
   */
  readonly signal?: AbortSignal;
}

/** How much work is expected at most; both limits hold where both are given. */
export interface WorkLimit {
  /** Work items. */
  readonly items?: number;
  /**
   * Share of all expected work items, 0 to 1: those to be computed and those that are up to date. The first run of a
   * feature, with nothing stored under any version, has no such limit.
   */
  readonly share?: number;
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
  /** Seconds since the first work item. */
  readonly seconds: number;
  /** Seconds of worker time per work item; null before the first has ended. */
  readonly secondsPerItem: number | null;
  /** Seconds that the rest takes at the pace so far; null before the first work item has ended. */
  readonly secondsLeft: number | null;
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

/** A work item that failed: plain data, which survives `JSON.stringify`. */
export interface FailedWorkItem<F> {
  readonly id: GrainOf<F>;
  readonly error: WorkItemError;
  /** How many calls of the worker had it. */
  readonly attempts: number;
}

/** Why a work item failed. */
export interface WorkItemError {
  /** The class of the error, such as `TypeError`. */
  readonly type: string;
  /** At most 2,000 characters, without a stack trace. */
  readonly message: string;
  /** The code of an error of Stemma: the rows were refused. */
  readonly code?: StemmaErrorCode;
  /** What was thrown. Not enumerable, so that it is no part of the JSON. */
  readonly cause?: unknown;
}
