/**
 * The contract between generated modules and the runtime: the content of a module, as plain data.
 *
 * Generated modules import only the type {@link Feature}; every other type here is reached through it.
 */

/** Version of the types below. The runtime refuses a module of another contract with a hint to regenerate. */
export type ContractVersion = 2;

/** The engines that a module may hold SQL for. Each has a dialect in `runtime/dialect/`. */
export type EngineName = "duckdb";

/** The types that a feature value carries for TypeScript. One flat interface per module, never a run-time value. */
export interface FeatureTypes {
  /** Feature key. */
  readonly key: string;
  /** A stored row, user columns only. */
  readonly row: object;
  /** A row of an increment, user columns only: what arrives from the upstream features, or the samples of a root. */
  readonly input: object;
  /** Names of the id columns. */
  readonly id: string;
  /** Names of the grain columns: the key of a work item, which is counted and compared. */
  readonly grain: string;
  /** Field keys. */
  readonly field: string;
  /** Keys of the upstream features. */
  readonly upstream: string;
  /** Whether the feature has no deps. */
  readonly root: boolean;
  /** `group`: a work item is a group of upstream rows. One row where absent. */
  readonly workItem?: "group";
}

declare const featureTypes: unique symbol;

/**
 * A feature as its generated module exports it: definition, versions and SQL plan.
 *
 * @example
 * ```ts
 * import { SpeakerEmbedding } from "./generated/aggregation/speaker-embedding.js";
 * SpeakerEmbedding.featureVersion; // "83296faf…"
 * ```
 */
export interface Feature<T extends FeatureTypes = FeatureTypes> {
  readonly contract: ContractVersion;
  /** Feature key, parts joined by `/`. */
  readonly key: T["key"];
  /** Name of the table that holds its rows. */
  readonly table: string;
  /** Rows are stored and compared under this version. */
  readonly featureVersion: string;
  /** How many characters of each hash are kept, for definitions and samples alike. */
  readonly hashLength: number;
  readonly fields: { readonly [field in T["field"]]: FieldFacts };
  readonly spec: SpecFacts;
  /** The feature under its old names; absent where these give the same version. */
  readonly previous?: PreviousDefinition;
  readonly plan: Plan;
  /** Carries the types; absent at run time. */
  readonly [featureTypes]?: T;
}

/** A field: its version, and what that is hashed over. */
export interface FieldFacts {
  readonly version: string;
  readonly codeVersion: string;
  /** Full names (`feature.field`) of the fields that it is computed from, ordered. */
  readonly parents: readonly string[];
}

/** The part of the spec that the runtime works with. */
export interface SpecFacts {
  readonly idColumns: readonly string[];
  /** Column name → type, as `parseColumn` reads it: `VARCHAR NOT NULL`, `STRUCT("x" DOUBLE)[]`. */
  readonly columns: { readonly [column: string]: string };
  readonly deps: readonly DepFacts[];
  /** Old names, as the spec declares them by `renamedFrom`; absent where it declares none. */
  readonly renamedFrom?: RenamedFrom;
}

/** The old names of new ones: rows may still be stored under them. Each part is absent where it is empty. */
export interface RenamedFrom {
  /** Old key of the feature. */
  readonly feature?: string;
  /** Field key → old key. */
  readonly fields?: { readonly [field: string]: string };
  /** Column → old name. */
  readonly columns?: { readonly [column: string]: string };
}

/**
 * A feature under the old names that `renamedFrom` declares, in its own spec and in those upstream.
 *
 * Its version follows from today's formulas with the old names. So rows under that version differ from today's by names
 * alone, and are carried over without being computed again.
 */
export interface PreviousDefinition {
  readonly key: string;
  /** Name of the table that holds its rows: today's, unless the key has changed. */
  readonly table: string;
  readonly featureVersion: string;
  /** Struct member → old member, in the order in which the sample hash took the old ones. */
  readonly fieldMembers: { readonly [member: string]: string };
  /**
   * Versions of a root with some old and some new names, where its names changed one after the other. Rows under them
   * are newer.
   */
  readonly between?: readonly string[];
  /** For each engine, the SQL of its provenance. Absent for a root. */
  readonly sql?: { readonly [engine in EngineName]?: PreviousSql };
  /** Feature key → the upstream under its old names, where these give another version. Absent for a root. */
  readonly upstream?: { readonly [feature: string]: PreviousUpstream };
}

/** The SQL of a previous definition. */
export interface PreviousSql {
  /**
   * Old struct member → expression of its provenance, over the columns of {@link PlanSql.lineageInputs}, which have
   * today's names.
   */
  readonly provenance: { readonly [member: string]: string };
}

/** An upstream under its old names, for a plan that reads it. */
export interface PreviousUpstream
  extends Pick<PreviousDefinition, "key" | "table" | "featureVersion" | "fieldMembers"> {
  /** Column of the upstream → old name; absent where none has one. */
  readonly columns?: { readonly [column: string]: string };
}

/** A dependency on an upstream feature. */
export interface DepFacts {
  readonly feature: string;
  readonly optional: boolean;
  readonly lineage: Lineage;
}

/** How rows of the upstream relate to rows of the feature. */
export type Lineage =
  | { readonly type: "identity" }
  | { readonly type: "aggregation"; readonly on: readonly string[] }
  | { readonly type: "expansion"; readonly on: readonly string[] };

/** All that a store needs to resolve a feature, planned at generation time. */
export type Plan = RootPlan | DerivedPlan;

interface PlanBase {
  /** Key columns of a work item, in the feature's own names. */
  readonly grain: readonly string[];
  readonly traits: PlanTraits;
  /** Struct member → field key, ordered by member: the order in which the sample hash takes them. */
  readonly fieldMembers: { readonly [member: string]: string };
  /** Constraints on the values in rows, beyond their types and `NOT NULL` of columns. */
  readonly checks?: readonly ValueCheck[];
}

/**
 * What a runtime must know of the lineage of a feature. It decides by traits alone and never asks for the kind of a
 * lineage, and it refuses a module with a trait that it does not know.
 */
export interface PlanTraits {
  /**
   * What is computed at a time: `sample`, one input row; `group`, all input rows of a group; `parent`, an upstream row
   * with any number of outputs.
   */
  readonly workItem: "sample" | "group" | "parent";
  /** How many stored rows a work item has: `one`, where its key is the feature's id. */
  readonly outputs: "one" | "many";
  /** Whether a work item may have no outputs; the store then records that it is done. */
  readonly mayBeEmpty: boolean;
  /** Whether the order of the upstream's id columns decides the provenance. */
  readonly orderSensitive: boolean;
  /** Whether the join columns of newer rows tell all work items that these rows affect. */
  readonly incremental: boolean;
}

/** A constraint of the spec on a column, or on values in it: the column, then the steps to the values. */
export type ValueCheck = { readonly at: readonly [column: string, ...steps: CheckStep[]] } & Constraint;

/** A constraint on values in a value, and the steps that lead to them. */
export type PlacedConstraint = { readonly at: readonly CheckStep[] } & Constraint;

/**
 * A constraint on a value, by the keyword of JSON Schema that demands it. A null passes all of them except `required`
 * and `type`.
 */
export type Constraint =
  | { readonly keyword: "required" }
  /** The JSON types of a value that is stored as JSON. Absent for other values: they must not be null. */
  | { readonly keyword: "type"; readonly value?: readonly string[] }
  | {
      readonly keyword: "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum";
      readonly value: number;
    }
  /** `exactly`: of integers, of which a remainder is exact. */
  | { readonly keyword: "multipleOf"; readonly value: number; readonly exactly: boolean }
  | { readonly keyword: "minLength" | "maxLength" | "minItems" | "maxItems"; readonly value: number }
  /** `value` is the pattern as RE2 takes it. */
  | { readonly keyword: "pattern"; readonly value: string }
  /** A format of strings that declares a scalar type: `date`. */
  | { readonly keyword: "format"; readonly value: string }
  /** `nullable`: whether items may be null. */
  | { readonly keyword: "uniqueItems"; readonly nullable: boolean }
  | { readonly keyword: "enum"; readonly value: readonly unknown[] }
  /** The names that an object may have. */
  | { readonly keyword: "additionalProperties"; readonly value: readonly string[] }
  | { readonly keyword: "anyOf" | "oneOf"; readonly value: readonly (readonly PlacedConstraint[])[] };

/**
 * A step from a value to values in it: the member of a name, each item of a list, or each value of a map or JSON object,
 * without the names in `except`.
 */
export type CheckStep =
  | string
  | { readonly each: "item" }
  | { readonly each: "value"; readonly except?: readonly string[] };

/** Plan of a feature without deps: its expected rows are the samples that the caller gives. */
export interface RootPlan extends PlanBase {
  readonly kind: "root";
}

/** Plan of a feature with deps. */
export interface DerivedPlan extends PlanBase {
  readonly kind: "derived";
  /** Feature key → what the SQL assumes of the upstream. */
  readonly upstream: { readonly [feature: string]: UpstreamFacts };
  /** User columns of increment rows and their types, nullable where an optional dep may be missing. */
  readonly inputColumns: { readonly [column: string]: string };
  /**
   * Increment rows of a work item. `one`: one. `many`: several, counted by the column `stemma_row_count` of the lineage
   * inputs. `unchecked`: one is required, but the upstream ids do not guarantee it; the lineage inputs then have
   * `stemma_row_count`, and `stemma_conflict`, true where the rows of one work item differ.
   */
  readonly cardinality: "one" | "many" | "unchecked";
  /** Whether `inputRows` has the columns of `lineageInputs` too, so that one pass gives rows and their provenance. */
  readonly singlePass: boolean;
  /** For each engine of the project, the SQL of the plan in its dialect. */
  readonly sql: { readonly [engine in EngineName]?: PlanSql };
}

/** The half of a resolve's SQL that depends on the definition. It reads each upstream under the plain name of its table. */
export interface PlanSql {
  /**
   * One row per work item: the grain columns, and a column `feature.field` for each upstream value that a field is
   * computed from. Uses the macros `stemma_hash(text)` and `stemma_ordered_concat(order, value)` that the store defines.
   */
  readonly lineageInputs: string;
  /** Struct member → expression over the columns of `lineageInputs`. */
  readonly provenance: { readonly [member: string]: string };
  /** The user columns of increment rows, the grain columns among them. */
  readonly inputRows: string;
}

/** An upstream feature as a plan reads it. */
export interface UpstreamFacts {
  readonly table: string;
  readonly idColumns: readonly string[];
  readonly featureVersion: string;
  readonly optional: boolean;
  /** Join column of the feature → the upstream's own column. */
  readonly on: { readonly [column: string]: string };
  /** Struct members that the plan reads. */
  readonly members: readonly string[];
  /** Columns, in the upstream's own names, that filters or select read; absent where all are. */
  readonly reads?: readonly string[];
  /** The upstream's own columns and their types. */
  readonly columns: { readonly [column: string]: string };
  /** Old names of its columns; absent where none has one. */
  readonly renamedFrom?: Pick<RenamedFrom, "columns">;
}
