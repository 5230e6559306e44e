/** Settings of a migration. */
export interface MigrateOptions {
  /** Returns the steps and changes nothing. Works in a store that is open read-only. */
  readonly dryRun?: boolean;
  /**
   * Also drops the old columns of renamed ones, and sets stored values to null that the declared type can't hold.
   */
  readonly drop?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is changed. */
  readonly signal?: AbortSignal;
}

/** A change that a migration makes to a table, or a column that blocks it. Types are those of the engine. */
export type MigrationStep =
  /** A declared column that the table lacks: stored rows are null there. */
  | { readonly kind: "add-column"; readonly column: string; readonly type: string }
  /** A renamed column gets what is stored under its old name; the old column stays. */
  | { readonly kind: "copy-column"; readonly column: string; readonly from: string; readonly type: string }
  /** A column changes its type, and each stored value stays exactly what it is. */
  | { readonly kind: "change-type"; readonly column: string; readonly from: string; readonly to: string }
  /** A by-field column gets members for fields that the table lacks. */
  | { readonly kind: "add-fields"; readonly column: string; readonly fields: readonly string[] }
  /** Stored values that the declared type can't hold become null: only with `drop`. */
  | { readonly kind: "clear-values"; readonly column: string; readonly rows: number }
  /** The old column of a renamed one is dropped: only with `drop`. */
  | { readonly kind: "drop-column"; readonly column: string }
  /**
   * Rows that are stored under the former names of the feature, its fields or upstream features are appended under the
   * current names: rows computed from the same upstream rows by a definition that differs in names only.
   */
  | {
      readonly kind: "carry-over";
      /** The feature version under which they are stored, in `table`. */
      readonly from: string;
      readonly table: string;
      readonly samples: number;
      readonly rows: number;
      /** Work items that were not up to date under their old names: they stay new. */
      readonly left: number;
      /** Upstream features that have to be carried over or run first. */
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

/** What a migration did, or would do for `dryRun`. */
export interface MigrateResult {
  /** Whether the feature has a table; false for one that was never written under its current key. */
  readonly existed: boolean;
  /** The steps in their order; empty if the table fits. */
  readonly steps: readonly MigrationStep[];
}
