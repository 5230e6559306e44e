import type { Feature, FeatureTypes } from "./contract.ts";
import type {
  GrainOf,
  InputOf,
  NewOf,
  OrphanOf,
  StaleOf,
  UpstreamOf,
  VersionsByField,
  WriteOf,
} from "./feature.ts";
import type { ExportOptions, ExportResult, FileRows } from "./files.ts";
import type { StoreWarning } from "./warning.ts";

/**
 * Rows in the store. Iterating reads them in blocks, so that memory does not grow with their number. The sets of an
 * increment return the same rows each time; a `read` returns the rows as they are when iterating begins.
 */
export interface RowSet<Row> extends AsyncIterable<Row> {
  /** All rows at once. */
  toArray(): Promise<Row[]>;
  /** Rows in arrays of `size`, the last one shorter. */
  batches(size: number): AsyncIterable<Row[]>;
  /**
   * The same rows with these columns only: the others stay in the database, which makes iterating cheaper.
   *
   * @example
   * ```ts
   * for await (const { video_id } of increment.new.select("video_id")) queue.push(video_id);
   * ```
   */
  select<Column extends keyof Row>(...columns: readonly Column[]): RowSet<Pick<Row, Column>>;
  /**
   * Writes the rows to a file, in their order, without passing through JavaScript. The ending says the format:
   * `.parquet`, `.csv`, `.json` (an array), `.ndjson` or `.jsonl`; the texts also with `.gz`. A file appears whole or
   * not at all.
   *
   * @example
   * ```ts
   * await increment.new.export("new.parquet");
   * // Another program reads it, adds the columns of its results, and writes answers.parquet.
   * await increment.write({ parquet: "answers.parquet" });
   * ```
   * @throws InputError `file-exists` without `overwrite`, `file-not-found` where the folder is missing,
   *   `file-forbidden`, `file-format` for another ending, `cancelled`; StoreError `disk`.
   */
  export(file: string, options?: ExportOptions): Promise<ExportResult>;
}

/** One of the three sets of an increment. */
export interface IncrementSet<Row, Kind extends SetKind = SetKind> extends RowSet<Row> {
  readonly kind: Kind;
  /** How many work items: samples, groups, or parents of an expansion. */
  readonly count: number;
  /** How many rows iterating returns. Differs from `count` for an aggregation. */
  readonly rowCount: number;
  select<Column extends keyof Row>(...columns: readonly Column[]): IncrementSet<Pick<Row, Column>, Kind>;
}

/** A set of an aggregation, with its rows by group. */
export interface GroupedSet<Row, Id, Kind extends SetKind = SetKind> extends IncrementSet<Row, Kind> {
  /** One entry per group: the group's grain columns, and its rows. */
  groups(): AsyncIterable<RowGroup<Row, Id>>;
  select<Column extends keyof Row>(...columns: readonly Column[]): GroupedSet<Pick<Row, Column>, Id, Kind>;
}

/** A group of an aggregation and its upstream rows. */
export interface RowGroup<Row, Id> {
  readonly id: Id;
  readonly rows: readonly Row[];
}

/** Names of the sets. */
export type SetKind = "new" | "stale" | "orphaned";

/** How many work items each set has. */
export type Counts = { readonly [kind in SetKind]: number };

/**
 * An upstream feature that has to run first: until then, its rows don't show all expected samples. It is listed once
 * per reason.
 */
export interface PendingUpstream<Key extends string = string> {
  readonly feature: Key;
  /** How many of its samples are pending. */
  readonly samples: number;
  /**
   * `older-version`: they are stored, but not under the current feature version. `other-ids`: they were written under
   * other id columns. `missing-required`: they lack a value that the spec requires now, in `columns`.
   */
  readonly reason: "older-version" | "other-ids" | "missing-required";
  /** Columns of the upstream that this feature's filter or select reads, and that are null in some of the samples. */
  readonly columns?: readonly string[];
}

/** Rows to write: in memory, from any iterable, from a SQL query, or from files. */
export type RowsInput<Row> = Iterable<Row> | AsyncIterable<Row> | SqlRows | FileRows;

/** The rows of a SQL query. They never pass through JavaScript. */
export interface SqlRows {
  readonly sql: string;
  /** Values of `$1`, `$2`, … or of `$name`. */
  readonly params?: readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
}

/** A value that can be bound to a SQL parameter. */
export type SqlValue = string | number | bigint | boolean | Date | null;

/** What a write did. */
export interface WriteResult {
  /** Rows written. */
  readonly rows: number;
  /** Children that were soft-deleted, since the new expansion of their parent lacks them. */
  readonly superseded: number;
}

/** Settings of one write. */
export interface WriteOptions {
  /** Stored in `metaxy_materialization_id` of each row: the run that made it. */
  readonly materializationId?: string;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is written. */
  readonly signal?: AbortSignal;
}

/** An output row of an increment: a row of the feature, with the grain columns of its work item. */
export type OutputRowOf<F> = WriteOf<F> & {
  /** Content versions of the writer's own. Without them, the data version is the provenance. */
  readonly metaxy_data_version_by_field?: VersionsByField<F>;
};

/** A set that can be written unchanged: its rows have all columns of the feature. */
export type WritableSet<F> =
  InputOf<F> extends WriteOf<F> ? IncrementSet<NewOf<F> | StaleOf<F>, "new" | "stale"> : never;

/**
 * The work to do: the expected samples of a feature compared with the stored ones.
 *
 * @example
 * ```ts
 * await using increment = await store.resolve(SpeakerEmbedding);
 * for await (const { id, rows } of increment.new.groups()) await embed(id.speaker_id, rows);
 * ```
 */
export interface Increment<F extends Feature<FeatureTypes>> extends AsyncDisposable {
  readonly feature: F;
  readonly counts: Counts;
  /**
   * How many of the new and stale work items failed before with the same inputs: those that `excludeFailed` left out, or
   * that are among them without it.
   */
  readonly failed: number;
  /** Expected, and not stored under the current feature version. */
  readonly new: GroupedSet<NewOf<F>, GrainOf<F>, "new">;
  /** Expected and stored with another provenance, or selected by `staleIf`. */
  readonly stale: GroupedSet<StaleOf<F>, GrainOf<F>, "stale">;
  /** Stored, and no longer expected: `store.delete(feature, increment.orphaned)` deletes them. */
  readonly orphaned: IncrementSet<OrphanOf<F>, "orphaned">;
  /** Upstream features that have to run first; while there are any, orphaned rows may only be waiting for them. */
  readonly pendingUpstream: readonly PendingUpstream<UpstreamOf<F>>[];
  /** Warnings on the tables that were read: rows that are ignored. */
  readonly warnings: readonly StoreWarning[];
  /**
   * Writes output rows of this increment; their provenance is filled in by the grain columns. All or nothing.
   *
   * A set of the increment itself is written inside the store, without passing through JavaScript.
   *
   * Files and queries may also have the columns that the set brought along and the feature does not declare: an exported
   * set comes back with result columns added. If its `metaxy_provenance` is no longer that of the work item, then the
   * row was made from other inputs, and is refused.
   */
  write(rows: RowsInput<OutputRowOf<F>> | WritableSet<F>, options?: WriteOptions): Promise<WriteResult>;
  /** Releases the snapshot. Closing the store closes it too. */
  close(): Promise<void>;
}
