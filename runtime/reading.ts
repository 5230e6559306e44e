import type { RowOf, VersionsByField } from "./feature.ts";
import type { RowSet } from "./increment.ts";
import type { Filter } from "./store.ts";

/** Settings of a read. */
export interface ReadOptions<F, Column extends keyof RowOf<F>, Lenient extends boolean = boolean> {
  /** The requested user columns; all if absent. The version columns are always included. */
  readonly columns?: readonly Column[];
  readonly filters?: Filter;
  /** Rows of another feature version than the current one. */
  readonly featureVersion?: string;
  /** Rows of every feature version: the latest of each sample under each version. Default: false. */
  readonly allVersions?: boolean;
  /**
   * Every row that was written: the earlier rows of a sample and its deletion marks too. Filters decide on each row alone.
   * Default: false.
   */
  readonly history?: boolean;
  /**
   * Also samples that were deleted: their latest row is a mark that holds the values before, with the time of deletion in
   * `metaxy_deleted_at`. Samples that were deleted hard are gone. Default: false.
   */
  readonly deleted?: boolean;
  /** Whether a feature that this store lacks is read from its fallbacks. Default: true. */
  readonly fallback?: boolean;
  /**
   * Returns null for a column that is required now and that a stored row lacks, since it was written before. Without
   * it, such a row is an error. Default: false.
   */
  readonly lenient?: Lenient;
}

/** Stored rows, as a read returns them. */
export interface StoredRows<Row> extends RowSet<Row> {
  /** How many rows there are. It checks no row against the spec. */
  count(): Promise<number>;
  /** What messages call the database that holds the rows: this store's, or the one of a fallback. */
  answeredBy(): Promise<string>;
}

/** A stored row as a read returns it: the requested user columns and the system columns. */
export type StoredOf<
  F,
  Column extends keyof RowOf<F> = keyof RowOf<F>,
  Lenient extends boolean = false,
> = (true extends Lenient ? { readonly [K in Column]: RowOf<F>[K] | null } : Pick<RowOf<F>, Column>) &
  SystemColumns<F>;

/**
 * System columns of a stored row. Times are RFC 3339 in UTC, to the microsecond; null if another program wrote none or
 * an infinite one.
 */
export interface SystemColumns<F> {
  readonly metaxy_provenance_by_field: VersionsByField<F>;
  readonly metaxy_provenance: string;
  readonly metaxy_data_version_by_field: VersionsByField<F>;
  readonly metaxy_data_version: string;
  readonly metaxy_feature_version: string;
  readonly metaxy_project_version: string | null;
  readonly metaxy_created_at: string | null;
  readonly metaxy_updated_at: string | null;
  readonly metaxy_deleted_at: string | null;
  readonly metaxy_materialization_id: string | null;
}
