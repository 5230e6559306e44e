import type { FilterRecipe } from "./arbitrary-filter.ts";

/** Random choices from which a feature is made, as far as they lead to a valid one. */
export interface FeatureRecipe {
  readonly kind: "root" | "identity" | "extended" | "rekeyed" | "aggregation" | "expansion";
  readonly dep: DepRecipe;
  readonly others: readonly DepRecipe[];
  /** Which columns are ids, or make the group. */
  readonly ids: number;
  /** Which shared columns the table has beside. */
  readonly shared: number;
  readonly nullable: number;
  readonly fields: readonly FieldRecipe[];
}

export interface DepRecipe {
  readonly upstream: number;
  readonly optional: boolean;
  readonly aggregates: boolean;
  readonly select: "all" | "none" | "some";
  readonly rename: "nothing" | "a column" | "swap" | "an id";
  readonly where: FilterRecipe | undefined;
  readonly mapping: "absent" | "suffix" | "exclude" | "specific" | "all" | "none";
}

export interface FieldRecipe {
  readonly key: string;
  readonly codeVersion: string | undefined;
  readonly parents: "mapped" | "all" | "explicit";
  readonly choice: number;
}
