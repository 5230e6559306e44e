import type { GrainOf } from "./feature.ts";
import type { RowSet, RowsInput } from "./increment.ts";

/** A work item that failed, as {@link ErrorLog.record} takes it. */
export interface FailureEntry<F> {
  /** The grain columns of the work item: of a sample, a group, or a parent of an expansion. */
  readonly id: GrainOf<F>;
  /** `metaxy_provenance` of the work item: the error holds until it changes. */
  readonly provenance: string;
  /** What went wrong. Text beyond 2,000 characters is cut off. */
  readonly message: string;
  /** The class of the error. Default: `Error`. */
  readonly type?: string | null;
  /** How often the work was tried. Default: 1. */
  readonly attempts?: number | null;
}

/** A recorded error: the latest of a work item under a feature version. */
export interface RecordedError<F> {
  /** The grain columns of the work item. */
  readonly id: GrainOf<F>;
  /** The class of the error, such as `TypeError`. */
  readonly type: string;
  /** At most 2,000 characters, without a stack trace. */
  readonly message: string;
  /** How often the work was tried with the same inputs, over all runs. */
  readonly attempts: number;
  /** When it failed last: RFC 3339 in UTC, with microseconds. */
  readonly at: string;
  readonly featureVersion: string;
  /** `metaxy_provenance` that the work item had. It is tried again once its inputs give it another one. */
  readonly provenance: string;
  /** The run of `store.process` in which it failed; null if a program recorded it. */
  readonly runId: string | null;
}

/** Which errors of a feature to list. */
export interface ErrorsOptions {
  /** Also lists the errors of work items under other feature versions than the current one. */
  readonly allVersions?: boolean;
}

/** Settings of {@link ErrorLog.record}. */
export interface RecordErrorsOptions {
  /** A name for the run in which the items failed. */
  readonly runId?: string;
  readonly signal?: AbortSignal;
}

/**
 * The work items of a feature that failed, latest first. Iterating reads them as they are then.
 *
 * `store.process` records what fails, and leaves it out of later runs while its inputs stay the same. A write of the work
 * item removes its error.
 *
 * @example
 * ```ts
 * const errors = store.errors(SpeakerEmbedding);
 * for await (const { id, type, message } of errors) console.log(id.speaker_id, type, message);
 * await errors.reset([{ speaker_id: "anna" }]); // the next run tries it again
 * ```
 */
export interface ErrorLog<F> extends RowSet<RecordedError<F>> {
  /** How many errors it lists. */
  count(): Promise<number>;
  /**
   * Records work items that failed elsewhere, for example in a Python worker. All or nothing. Of several entries for one
   * work item the one with the most attempts counts.
   *
   * @example
   * ```ts
   * await store.errors(Transcript).record([{ id: { video_id: "a" }, provenance: row.metaxy_provenance, message: "no audio track" }]);
   * await store.errors(Transcript).record({
   *   sql: "SELECT {'video_id': video_id} AS id, metaxy_provenance AS provenance, error AS message FROM 'failed.csv'",
   * });
   * await store.errors(Transcript).record({ parquet: "failed.parquet" }); // with these columns: id, provenance, message
   * ```
   * @returns How many work items were recorded.
   * @throws InputError `missing-column`, `null-id`, `wrong-type`, `undeclared-column`, `cancelled`. StoreError `read-only`.
   */
  record(entries: RowsInput<FailureEntry<F>>, options?: RecordErrorsOptions): Promise<number>;
  /**
   * Forgets errors, so that their work items are tried again: those of the given work items, or all that it lists. An
   * empty list forgets none.
   *
   * @returns How many errors were forgotten.
   * @throws InputError `missing-column`, `null-id`, `wrong-type`. StoreError `read-only`.
   */
  reset(ids?: GrainOf<F> | RowsInput<GrainOf<F>>): Promise<number>;
}
