import type { InputError, StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";

/** A feature whose run is rehearsed. */
export interface RehearsedFeature {
  readonly feature: AnyFeature;
  /**
   * The same feature over rehearsed upstream rows: filters on upstream rows let those pass of which they can't tell,
   * by `unseenColumn`, which the upstream has as a further column.
   */
  readonly lenient: AnyFeature;
  /** Columns of its rows that features below look at; its ids and its grain among them. */
  readonly keep: readonly string[];
  /** Upstream feature → its own columns that say to which unit of work a row belongs. */
  readonly keys: { readonly [upstream: string]: readonly string[] };
}

/** How many units of work of a feature are what. */
export interface UnitCounts {
  readonly new: number;
  readonly stale: number;
  readonly orphaned: number;
  readonly untouched: number;
  /** Something above has to run first: at most so many are new or stale. */
  readonly upperBound?: true;
  /** Something is not counted, since only the runs above can tell how many rows come of what was never computed. */
  readonly incomplete?: true;
}

/** What a rehearsal found, by feature key. */
export interface Rehearsal {
  readonly counts: ReadonlyMap<string, UnitCounts>;
  /** Features that can't be resolved against the store as it is, or that stand below such a one, with the reason. */
  readonly refused: ReadonlyMap<string, InputError | StoreError>;
}
