import type { SampleOf, TypesOf, UpstreamOf } from "./feature.ts";
import type { RowsInput } from "./increment.ts";
import type { Filter } from "./store.ts";

/** Settings of a resolve. */
export interface ResolveOptions<F> {
  /** The expected rows: required for a root; for other features they replace the upstream features. */
  readonly samples?: RowsInput<SampleOf<F>>;
  /** Filters by feature key, in that feature's own column names. The feature's own key is a target filter. */
  readonly filters?: { readonly [feature in UpstreamOf<F> | KeyOf<F>]?: Filter };
  /** Filters on each direct upstream and on the target. */
  readonly globalFilters?: Filter;
  /** Filters on the target's stored rows, and on samples. A hidden stored row counts as not stored. */
  readonly targetFilters?: Filter;
  /** Stored rows for which one of these filters holds are stale, whatever their provenance. */
  readonly staleIf?: Filter;
  /** All expected rows are new, nothing is stale or orphaned. */
  readonly skipComparison?: boolean;
  /**
   * Rows of the sets may be null in columns that their type requires, if upstream rows lack the value. Without it,
   * reading such a row is an error. Default: false.
   */
  readonly lenient?: boolean;
  /**
   * Leaves out the work items that failed before with the same inputs (`store.errors`). They stay new or stale, and
   * `increment.failed` counts them. Default: false; `store.process` leaves them out.
   */
  readonly excludeFailed?: boolean;
  /**
   * Compares every row again, without the checkpoints of earlier resolves. Needed only after another program changed
   * rows in place: appended and deleted rows are found without it.
   */
  readonly fullRefresh?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

type KeyOf<F> = TypesOf<F>["key"];
