import type { Feature, FeatureTypes } from "./contract.ts";
import type { DeleteOptions, DeleteResult } from "./deleting.ts";
import type { EmptyParentOf, IdOf, RowWithProvenanceOf } from "./feature.ts";
import type { RowsInput, WriteOptions, WriteResult } from "./increment.ts";
import type { Filter } from "./store.ts";

/**
 * A transaction, for the callback of {@link Store.transaction}: its operations are kept together, or not at all. They run
 * one after the other.
 */
export interface Transaction {
  /** As {@link Store.write}. */
  write<F extends Feature<FeatureTypes>>(
    feature: F,
    rows: RowsInput<RowWithProvenanceOf<F>>,
    options?: WriteOptions,
  ): Promise<WriteResult>;

  /** As {@link Store.delete}, but for sets of an increment, which read the store as it was when they were resolved. */
  delete<F extends Feature<FeatureTypes>>(
    feature: F,
    which: Filter | IdOf<F> | RowsInput<IdOf<F>>,
    options?: Omit<DeleteOptions, "signal">,
  ): Promise<DeleteResult>;

  /** As {@link Store.markEmpty}. */
  markEmpty<F extends Feature<FeatureTypes>>(feature: F, parents: Iterable<EmptyParentOf<F>>): Promise<void>;
}

/** Settings of a transaction. */
export interface TransactionOptions {
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is kept. */
  readonly signal?: AbortSignal;
}

/** Rows of one feature, for {@link Store.writeAll}. */
export interface FeatureRows<F extends Feature<FeatureTypes>> {
  readonly feature: F;
  readonly rows: RowsInput<RowWithProvenanceOf<F>>;
}

/** Settings of {@link Store.writeAll}. */
export interface WriteAllOptions extends WriteOptions {
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is written. */
  readonly signal?: AbortSignal;
}

/** What {@link Store.writeAll} did for one feature. */
export interface FeatureWriteResult extends WriteResult {
  /** Key of the feature. */
  readonly feature: string;
}
