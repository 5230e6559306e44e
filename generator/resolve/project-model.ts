import type { Lineage } from "../../runtime/contract.ts";
import type { BoundFilter } from "../../runtime/filter/bound-filter.ts";
import type { ParsedColumn, ParsedSpec } from "../parse/parsed-spec.ts";

/** A project in which every name is resolved: references are objects, and nobody looks a name up any more. */
export interface ProjectModel {
  /** Upstream before downstream; otherwise ordered by key parts. */
  readonly features: readonly FeatureModel[];
}

/** A feature with its upstream features at hand. */
export interface FeatureModel {
  readonly key: string;
  /** Name of its table: key parts with `-` → `_`, joined by `__`. */
  readonly table: string;
  /** Name of its export: `title` in PascalCase, else the key. */
  readonly name: string;
  /** Path of its module below the output folder, without extension: `aggregation/speaker-embedding`. */
  readonly module: string;
  readonly spec: ParsedSpec;
  readonly idColumns: readonly ParsedColumn[];
  readonly deps: readonly DepModel[];
  /** Ordered as declared. */
  readonly fields: readonly FieldModel[];
  /** Columns on which the deps are joined; the ids for a root. */
  readonly joinColumns: readonly string[];
  /** Key columns of a work item: the ids, as far as the upstream features bring them; an expansion's parent ids. */
  readonly grain: readonly string[];
}

/** A dependency on an upstream feature. */
export interface DepModel {
  readonly feature: FeatureModel;
  readonly optional: boolean;
  /** With `on` filled in. */
  readonly lineage: Lineage;
  /** Columns that increment rows carry from this upstream: selected ones, its ids, the join columns. */
  readonly columns: readonly ArrivingColumn[];
  /** Filters of the spec, AND-ed, in the names after rename. */
  readonly where: readonly BoundFilter[];
  /** Every upstream column by its name after rename: what `where` and the join columns may name. */
  readonly names: ReadonlyMap<string, ParsedColumn>;
}

/** An upstream column under the name by which it arrives. */
export interface ArrivingColumn {
  readonly name: string;
  readonly source: ParsedColumn;
}

/** A field with the fields that it is computed from. */
export interface FieldModel {
  readonly feature: FeatureModel;
  readonly key: string;
  /** `feature.field`. */
  readonly fullName: string;
  /** Its struct member: key parts joined by `_`. */
  readonly member: string;
  readonly codeVersion: string;
  /** Ordered by full name, without duplicates. */
  readonly parents: readonly FieldModel[];
}
