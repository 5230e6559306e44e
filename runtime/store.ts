import type { Feature, FeatureTypes } from "./contract.ts";
import type { CopyOptions, FeatureCopy } from "./copying.ts";
import type { DeleteOptions, DeleteResult, DeleteTarget, DropOptions, DropResult } from "./deleting.ts";
import type { ErrorLog, ErrorsOptions } from "./failures.ts";
import type { EmptyParentOf, IdOf, RowOf, RowWithProvenanceOf } from "./feature.ts";
import type { Increment, RowsInput, WriteOptions, WriteResult } from "./increment.ts";
import type { MigrateOptions, MigrateResult } from "./migrating.ts";
import type { BatchWorker, ProcessOptions, ProcessTotals, Worker } from "./process.ts";
import type { Progress, ProgressOptions } from "./progress.ts";
import type { ProjectRecords } from "./pushing.ts";
import type { ReadOptions, StoredOf, StoredRows } from "./reading.ts";
import type { RebaseOptions, RebaseResult } from "./rebasing.ts";
import type { ResolveOptions } from "./resolving.ts";
import type { Trace, TraceOptions } from "./tracing.ts";
import type {
  FeatureRows,
  FeatureWriteResult,
  Transaction,
  TransactionOptions,
  WriteAllOptions,
} from "./transaction.ts";

/** One filter, or several that must all hold. The language is described in the README. */
export type Filter = string | readonly string[];

/**
 * Stores the rows of features, and resolves what has to run.
 *
 * @example
 * ```ts
 * await using store = await openStore("features.duckdb");
 * const increment = await store.resolve(Audio, { samples });
 * await increment.write(increment.new);
 * ```
 */
export interface Store extends ProjectRecords, AsyncDisposable {
  /** Compares the expected samples with the stored ones. Two resolves without a write in between return the same. */
  resolve<F extends Feature<FeatureTypes>>(feature: F, options?: ResolveOptions<F>): Promise<Increment<F>>;

  /**
   * Returns stored rows, by default the current ones: the latest of each sample, without deleted ones. They are ordered by
   * id, and rows of one sample by time. Nothing is read before the set is iterated.
   *
   * Filters see the latest row of each sample, and not an earlier one for which they hold.
   *
   * @example
   * ```ts
   * const rows = store.read(Video, { columns: ["path"], filters: "duration > 10" });
   * for await (const { path, metaxy_updated_at } of rows) console.log(path, metaxy_updated_at);
   * const changes = await store.read(Video, { filters: "video_id = 'a'", allVersions: true, history: true }).toArray();
   * ```
   * @throws InputError `unknown-option`, `conflicting-options`, `unknown-column`, `filter-syntax`, `filter-type`. StoreError `missing-required` if rows lack a column that is required now, unless `lenient`; `column-type` if a
   *   stored value is not of the declared type.
   */
  read<
    F extends Feature<FeatureTypes>,
    Column extends keyof RowOf<F> = keyof RowOf<F>,
    Lenient extends boolean = false,
  >(feature: F, options?: ReadOptions<F, Column, Lenient>): StoredRows<StoredOf<F, Column, Lenient>>;

  /**
   * Writes rows with their own provenance. It checks columns and types, and fills in the system columns. All or nothing;
   * a later write of a sample replaces the earlier one.
   */
  write<F extends Feature<FeatureTypes>>(
    feature: F,
    rows: RowsInput<RowWithProvenanceOf<F>>,
    options?: WriteOptions,
  ): Promise<WriteResult>;

  /**
   * Writes rows of several features, each with its own provenance: all of them, or none. Features are written upstream
   * first, in whatever order they are listed.
   *
   * All rows are checked and staged before the first is written, so other writes don't wait for a slow iterable.
   *
   * @example
   * ```ts
   * await store.writeAll([
   *   { feature: Video, rows: videos },
   *   { feature: Captions, rows: { sql: "FROM read_parquet('captions.parquet')" } },
   * ]);
   * ```
   * @returns One result per feature, in the order in which they were written.
   * @throws InputError `duplicate-feature` if a feature is listed twice, and what {@link Store.write} throws.
   */
  writeAll<F extends readonly Feature<FeatureTypes>[]>(
    features: { readonly [Index in keyof F]: FeatureRows<F[Index]> },
    options?: WriteAllOptions,
  ): Promise<readonly FeatureWriteResult[]>;

  /**
   * Runs the operations of a callback in one transaction: all of them are kept, or none. If the callback throws, or one
   * of its operations fails, nothing is kept. Other writes wait until it ends; reads and resolves go on, and see nothing
   * of it before.
   *
   * @example
   * ```ts
   * await store.transaction(async (transaction) => {
   *   await transaction.delete(Video, { video_id: "a" });
   *   await transaction.write(Video, replacements);
   * });
   * ```
   * @returns What the callback returns.
   * @throws InputError `nested-transaction` if the callback writes with the store instead of the transaction;
   *   `transaction-ended` if an operation starts after the callback returned; `contract-mismatch` for features of
   *   projects with different hash lengths.
   */
  transaction<T>(
    callback: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;

  /**
   * Deletes samples: those for which a filter holds, those with given ids, or those of a set of an increment. A set of
   * an expansion means all children of its parents; a parent with only some of its children deleted still counts as up
   * to date. All or nothing.
   *
   * A sample that is still expected is new at the next resolve; downstream features see that it was deleted. Rows are
   * not checked against the spec, so that rows which break it can be deleted too.
   *
   * @example
   * ```ts
   * await store.delete(Faces, "count = 0"); // soft: a later write revives them
   * await store.delete(Faces, [{ video_id: "a" }, { video_id: "b" }]);
   * await store.delete(Video, { video_id: "a" }, { hard: true, history: true }); // gone from the file
   * await using increment = await store.resolve(Faces);
   * await store.delete(Faces, increment.orphaned);
   * ```
   * @throws StoreError `upstream-pending` for orphans while `increment.pendingUpstream` is not empty, unless `force`;
   *   `read-only`, `table-shape`, `closed`. InputError `unusable-set` for a set of another feature or store, or of new
   *   samples; `filter-syntax`, `filter-type`, `unknown-column`, `missing-column`, `null-id`, `cancelled`.
   */
  delete<F extends Feature<FeatureTypes>>(
    feature: F,
    which: DeleteTarget<F>,
    options?: DeleteOptions,
  ): Promise<DeleteResult>;

  /**
   * Drops the table of a feature with the rows of all versions, and everything that Stemma stores for it. All or
   * nothing.
   *
   * A feature without a spec is named by its key. A feature that was never written is not an error: the result says so.
   *
   * @example
   * ```ts
   * const { rows, tables } = await store.drop("video/old_chunk");
   * ```
   * @throws StoreError `read-only`, and `table-shape` for a table of another program under the name of the feature's.
   */
  drop(feature: Feature<FeatureTypes> | string, options?: DropOptions): Promise<DropResult>;

  /**
   * Brings a feature's stored table to the columns that its spec declares: new ones, renamed ones (`renamedFrom`) and
   * those of another type. All or nothing. Each stored value stays exactly what it is; a column with values that the
   * declared type can't hold stays as it is and is reported as `blocked`. It changes a table of another program too,
   * which may rely on the old columns.
   *
   * The first write of a feature makes the changes that need no decision; a migration makes the others.
   *
   * @example
   * ```ts
   * const { steps } = await store.migrate(Video, { dryRun: true });
   * for (const step of steps) console.log(step.kind, step.column);
   * await store.migrate(Video);
   * ```
   * @throws StoreError `table-shape` for a view, and for a table with keys, indexes or defaults that would be lost.
   */
  migrate(feature: Feature<FeatureTypes>, options?: MigrateOptions): Promise<MigrateResult>;

  /**
   * Copies rows of features from another store into this one, as they are stored there: with their versions, times and
   * runs. All or nothing, of one state of the other store. No row passes through JavaScript.
   *
   * Rows that this store has already are left out, and so is a row with a later one of its sample here; so a copy can be
   * run again.
   *
   * @example
   * ```ts
   * await using prod = await openStore("prod.duckdb", { readOnly: true });
   * const copies = await store.copy(prod, project.features, { filters: { "video/raw": "duration < 60" } });
   * for (const { feature, rows, skipped } of copies) console.log(feature, rows, skipped);
   * ```
   * @throws InputError `same-store`, `duplicate-feature`, `unknown-feature`, `not-storable`, those of filters; StoreError
   *   `hash-mismatch`, `read-only`, `column-type`.
   */
  copy(
    from: Store,
    features: readonly Feature<FeatureTypes>[],
    options?: CopyOptions,
  ): Promise<readonly FeatureCopy[]>;

  /**
   * Keeps rows across a change of the feature's version that made no difference to their values: rows that are stored under
   * another version are appended under the current one, with the provenance that they would get if they were computed now.
   * All or nothing.
   *
   * User columns and `metaxy_created_at` are kept, and so are data versions of the writer's own; other data versions follow
   * the provenance. Rebase upstream features first.
   *
   * @example
   * ```ts
   * const { samples, gone } = await store.rebase(Faces, { from: "83296faf…" });
   * ```
   * @throws InputError `rebase-root` for a feature without upstream, `unknown-version` if no row has the version `from`, or
   *   if it is left out and several are stored. StoreError `read-only`, `upstream-missing`, `column-type`.
   */
  rebase(feature: Feature<FeatureTypes>, options?: RebaseOptions): Promise<RebaseResult>;

  /**
   * Marks parents of an expansion as processed and without children: up to date until they change. `parents` are rows of
   * an increment, or objects with the grain columns and `metaxy_provenance_by_field` of one.
   */
  markEmpty<F extends Feature<FeatureTypes>>(feature: F, parents: Iterable<EmptyParentOf<F>>): Promise<void>;

  /**
   * Resolves the feature, passes its new and stale work items to `worker`, one or a batch at a time, and writes the
   * outputs: a crash loses at most what is being written and what is collected for the next write, within ten seconds.
   * Examples for rows, parents and groups are at {@link Worker} and {@link BatchWorker}.
   *
   * A work item that fails is listed in the totals and recorded in the store ({@link Store.errors}); later runs leave it
   * out while its inputs stay the same. The others go on. An error of the store itself ends the work.
   *
   * @example
   * ```ts
   * const worker = { batch: 64, run: async (chunks) => embedAll(chunks) };
   * const options = { retries: 2, maxFailures: 1000, atMost: { share: 0.1 }, onProgress: "bar" };
   * const { failed } = await store.process(Embedding, worker, options);
   * for (const { id, error } of failed) console.error(id.chunk_id, error.message);
   * ```
   * @throws InputError `too-much-work` before the first work item; `too-many-failures` and `cancelled` after what was
   *   computed is written; `acknowledgements`, `unknown-option`, and what a resolve and a write throw. StoreError `read-only`.
   */
  process<F extends Feature<FeatureTypes>>(
    feature: F,
    worker: Worker<F> | BatchWorker<F>,
    options?: ProcessOptions<F>,
  ): Promise<ProcessTotals<F>>;

  /**
   * The work items of a feature that failed, with type and message of their latest error: lists them, records others, and
   * forgets them, so that they are tried again.
   *
   * @example
   * ```ts
   * for await (const { id, type, message } of store.errors(SpeakerEmbedding)) console.log(id.speaker_id, type, message);
   * await store.errors(SpeakerEmbedding).reset();
   * ```
   * @throws InputError `unknown-option`; what the operations of the log throw is listed at {@link ErrorLog}.
   */
  errors<F extends Feature<FeatureTypes>>(feature: F, options?: ErrorsOptions): ErrorLog<F>;

  /**
   * Says how far a feature is computed: how many work items are expected, up to date, new, stale, orphaned and failed, and
   * how long the rest would take. It compares as {@link Store.resolve} does, and writes nothing.
   *
   * @example
   * ```ts
   * const { share, failed, secondsLeft } = await store.progress(SpeakerEmbedding);
   * console.log(`${Math.floor((share ?? 1) * 100)} %, ${failed} failed, ${secondsLeft ?? "?"} s left`);
   * ```
   * @throws What {@link Store.resolve} throws: a root needs `samples`.
   */
  progress<F extends Feature<FeatureTypes>>(feature: F, options?: ProgressOptions<F>): Promise<Progress<F>>;

  /**
   * Follows one sample through the graph: what it was made from, and what is made from it, each with its state, versions,
   * times and run. The store must be opened with its `project`.
   *
   * @example
   * ```ts
   * await using store = await openStore("features.duckdb", { project });
   * const { features } = await store.trace(Video, { video_id: "a" });
   * for (const { feature, samples } of features) console.log(feature, samples.map(({ state }) => state));
   * ```
   * @throws InputError `project-required`, `unknown-feature`, `missing-column`. StoreError `upstream-missing`.
   */
  trace<F extends Feature<FeatureTypes>>(feature: F, id: IdOf<F>, options?: TraceOptions): Promise<Trace>;

  /** Closes the database and every open increment. */
  close(): Promise<void>;
}
