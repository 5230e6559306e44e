/** How a stored table is migrated. */
export interface MigrateOptions {
  /** Plans, and changes nothing. Works in a store that is open read-only. */
  readonly dryRun?: boolean;
  /**
   * Also lets go of what no spec declares any more after a rename, and sets stored values to null that the declared type
   * can't hold.
   */
  readonly drop?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is changed. */
  readonly signal?: AbortSignal;
}

/** What a migration does to a table, or what stands in its way. Types are DuckDB's. */
export type MigrationStep =
  /** A declared column that the table lacks: stored rows are null there. */
  | { readonly kind: "add-column"; readonly column: string; readonly type: string }
  /** A renamed column gets what is stored under its old name; the old column stays. */
  | { readonly kind: "copy-column"; readonly column: string; readonly from: string; readonly type: string }
  /** A column changes its type, and each stored value stays exactly what it is. */
  | { readonly kind: "change-type"; readonly column: string; readonly from: string; readonly to: string }
  /** A versioned column of the system gets members for fields that the table does not know. */
  | { readonly kind: "add-fields"; readonly column: string; readonly fields: readonly string[] }
  /** Stored values that the declared type can't hold become null: only with `drop`. */
  | { readonly kind: "clear-values"; readonly column: string; readonly rows: number }
  /** The old column of a renamed one goes: only with `drop`. */
  | { readonly kind: "drop-column"; readonly column: string }
  /**
   * Rows that are stored under the names that the feature, its fields or upstream features had, appended under those of
   * today: what was computed from the same upstream rows, under the same definition but for its names.
   */
  | {
      readonly kind: "carry-over";
      /** Feature version under which they are stored, and the table. */
      readonly from: string;
      readonly table: string;
      readonly samples: number;
      readonly rows: number;
      /** Units of work that were not in sync under their old names: they stay new. */
      readonly left: number;
      /** Upstream features that have to be carried over, or run, first. */
      readonly waitsFor: readonly string[];
    }
  /** Stored values that the declared type can't hold: the column stays as it is. */
  | {
      readonly kind: "blocked";
      readonly column: string;
      readonly from: string;
      readonly to: string;
      readonly rows: number;
    };

/** What a migration did, or would do. */
export interface MigrateResult {
  /** Whether the feature has a table; false for one that was never written under its key of today. */
  readonly existed: boolean;
  /** In the order in which they are done; empty where the table fits. */
  readonly steps: readonly MigrationStep[];
}
