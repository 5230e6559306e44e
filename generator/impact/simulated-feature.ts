import type { InputError, StoreError } from "../../runtime/errors.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import type { RowCounts, TableForecast } from "../diff/model/version-diff.ts";

/**
 * What it takes to count the stored rows of a feature. Every feature has it, and so has one that a manifest alone still
 * knows.
 */
export interface StoredFeature extends Pick<AnyFeature, "key" | "table" | "featureVersion" | "hashLength"> {
  readonly spec: Pick<AnyFeature["spec"], "idColumns" | "columns">;
  readonly plan: {
    readonly grain: readonly string[];
    readonly traits: Pick<AnyFeature["plan"]["traits"], "mayBeEmpty">;
  };
}

/** A feature whose run is simulated. */
export interface SimulatedFeature {
  readonly feature: AnyFeature;
  /**
   * The same feature over simulated upstream rows: filters on upstream rows accept every row whose outcome is unknown,
   * by `neverComputedColumn`, which the upstream has as a further column.
   */
  readonly permissive: AnyFeature;
  /** Columns of its rows that downstream features read, including its ids and its grain. */
  readonly retainedColumns: readonly string[];
  /** Further columns whose values are unknown until the table is migrated, with their declared types. */
  readonly blocked?: { readonly [column: string]: string };
  /** Keys of the upstream features in which a column other than an id decides which rows count here, or how they join. */
  readonly valueDependencies: readonly string[];
  /** Upstream feature → its own columns that assign a row to a work item. */
  readonly keys: { readonly [upstream: string]: readonly string[] };
}

/**
 * Column of simulated rows: true for a sample that was never computed. Its other columns are null unless they arrive
 * from upstream.
 */
export const neverComputedColumn = "stemma_never_computed";

/** How many work items of a feature have which status. */
export type WorkItemCounts = Omit<RowCounts, "workItem">;

/** What a simulation found, by feature key. */
export interface ProjectImpact {
  readonly counts: ReadonlyMap<string, WorkItemCounts>;
  /** The changes that tables need; a table that needs none is absent. */
  readonly tables: ReadonlyMap<string, TableForecast>;
  /** Features that can't be resolved against the store as it is, and those downstream of them, with the reason. */
  readonly refused: ReadonlyMap<string, InputError | StoreError>;
}
