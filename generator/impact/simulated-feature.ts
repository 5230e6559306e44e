import type { InputError, StoreError } from "../../runtime/errors.ts";
import type { AnyFeature } from "../../runtime/feature.ts";

/** A feature whose run is rehearsed. */
export interface SimulatedFeature {
  readonly feature: AnyFeature;
  /**
   * The same feature over rehearsed upstream rows: filters on upstream rows let those pass of which they can't tell,
   * by `unseenColumn`, which the upstream has as a further column.
   */
  readonly permissive: AnyFeature;
  /** Columns of its rows that features below look at; its ids and its grain among them. */
  readonly retainedColumns: readonly string[];
  /** Further ones of which no value is known before the table is migrated, with their declared types. */
  readonly blocked?: { readonly [column: string]: string };
  /** Keys of the upstream features of which a column beside the ids decides which rows count here, or how they meet. */
  readonly valueDependencies: readonly string[];
  /** Upstream feature → its own columns that say to which unit of work a row belongs. */
  readonly keys: { readonly [upstream: string]: readonly string[] };
}

/** How many units of work of a feature are what. */
export interface WorkItemCounts {
  readonly new: number;
  readonly stale: number;
  readonly orphaned: number;
  readonly upToDate: number;
  /** Something above has to run first: at most so many are new or stale. */
  readonly upperBound?: true;
  /** Something is not counted, since only the runs above can tell how many rows come of what was never computed. */
  readonly incomplete?: true;
  /**
   * Keys of upstream features that have to run, and must make the same rows again for the counts to hold: an expansion
   * may cut its parents otherwise, a filter may read what is computed anew.
   */
  readonly assumes?: readonly string[];
  /** What of the stored rows is not as the spec says; absent where all is. */
  readonly misfits?: readonly Misfit[];
}

/** Stored rows of the current version that the spec would refuse. */
export interface Misfit {
  readonly column: string;
  /** `required`: they have no value there; else the keyword of a constraint that they break. */
  readonly rule: string;
  readonly rows: number;
}

/** What the table of a feature needs under its spec. */
export interface TableForecast {
  /** What is blocked stands first; never empty. */
  readonly steps: readonly TableStep[];
}

/** A change that the first write makes to a table, or a column that nothing can be written to. Types are DuckDB's. */
export type TableStep =
  /** Nothing is resolved or written before the column is migrated, or gets another name. */
  | {
      readonly kind: "blocked";
      readonly column: string;
      readonly from: string;
      readonly to: string;
      /** Stored rows whose value is none of the declared type; 0 where the stored type can't hold declared values. */
      readonly rows: number;
      /** Of how many. */
      readonly storedRows: number;
      /** Whether `stemma migrate` brings every value to the declared type; else it does with `--drop` alone. */
      readonly converts: boolean;
      /** Rows of the current version that have no value after `--drop` though one is required: they run again then. */
      readonly rowsToWriteAgain: number;
    }
  /** Each stored value stays exactly what it is. */
  | { readonly kind: "change-type"; readonly column: string; readonly from: string; readonly to: string }
  /** A renamed column gets what is stored under its old name. */
  | { readonly kind: "copy-column"; readonly column: string; readonly from: string; readonly type: string }
  /** Stored rows are null there. */
  | { readonly kind: "add-column"; readonly column: string; readonly type: string }
  /** Versions of fields that the table does not know. */
  | { readonly kind: "add-fields"; readonly fields: readonly string[] };

/** What a rehearsal found, by feature key. */
export interface ProjectImpact {
  readonly counts: ReadonlyMap<string, WorkItemCounts>;
  /** What tables need; those that need nothing are not there. */
  readonly tables: ReadonlyMap<string, TableForecast>;
  /** Features that can't be resolved against the store as it is, or that stand below such a one, with the reason. */
  readonly refused: ReadonlyMap<string, InputError | StoreError>;
}
