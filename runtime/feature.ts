import type { Feature, FeatureTypes } from "./contract.ts";

/** Any feature value, whatever its types. */
export type AnyFeature = Feature<FeatureTypes>;

/** A project, as `generated/index.ts` exports it. */
export interface Project {
  readonly name: string;
  /** The version of all its definitions together. */
  readonly version: string;
  /** All features, each after those that it depends on. */
  readonly features: readonly AnyFeature[];
}

/** The types that a feature value carries. */
export type TypesOf<F> = F extends Feature<infer T> ? T : never;

/** A stored row, user columns only: every column present, `T | null` where nullable. */
export type RowOf<F> = TypesOf<F>["row"];

type NullableKeys<Row> = { [K in keyof Row]-?: null extends Row[K] ? K : never }[keyof Row];

/**
 * What may be written for a value that is read as `T`: a date-time or date may also be a `Date`, a list of numbers a
 * typed array, a map a `Map`, and what may be null may be left out of an object.
 */
type Writable<T> = T extends string
  ? T | (string extends T ? Date : never)
  : T extends readonly (infer Item)[]
    ? readonly Writable<Item>[] | TypedArrayOf<Item>
    : T extends object
      ? WriteRow<T> | MapOf<T>
      : T;

/** The typed arrays whose items are such values. */
type TypedArrayOf<Item> = number extends Item ? NumberArray : bigint extends Item ? BigintArray : never;

type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

type BigintArray = BigInt64Array | BigUint64Array;

/** A `Map` for an object of free names; never for one of declared members. */
type MapOf<T> = string extends keyof T ? ReadonlyMap<string, Writable<T[keyof T]>> : never;

/** A row to write: as {@link RowOf}, with nullable columns optional. */
export type WriteOf<F> = WriteRow<RowOf<F>>;

type WriteRow<Row> = { readonly [K in Exclude<keyof Row, NullableKeys<Row>>]: Writable<Row[K]> } & {
  readonly [K in NullableKeys<Row>]?: Writable<Row[K]>;
};

/** The id columns of a feature, as an object. */
export type IdOf<F> = Pick<RowOf<F>, Extract<TypesOf<F>["id"], keyof RowOf<F>>>;

/** The grain columns of a feature, as an object: the key of a work item. */
export type GrainOf<F> = Pick<TypesOf<F>["input"], Extract<TypesOf<F>["grain"], keyof TypesOf<F>["input"]>>;

/** Field keys of a feature. */
export type FieldOf<F> = TypesOf<F>["field"];

/** Keys of the direct upstream features. */
export type UpstreamOf<F> = TypesOf<F>["upstream"];

/** The struct member under which a field's version is stored: key parts joined by `_`. */
export type MemberOf<Field extends string> = Field extends `${infer Head}/${infer Tail}`
  ? `${Head}_${MemberOf<Tail>}`
  : Field;

/** One version string per field, by struct member name. */
export type VersionsByField<F> = { readonly [M in MemberOf<FieldOf<F>>]: string };

/** The computed version columns of an increment row. */
export interface VersionColumns<F> {
  readonly metaxy_provenance_by_field: VersionsByField<F>;
  readonly metaxy_provenance: string;
  readonly metaxy_data_version_by_field: VersionsByField<F>;
  readonly metaxy_data_version: string;
}

/** What rows of `increment.new` and `increment.stale` have in common: the upstream columns as they arrive, and the computed versions. */
export type InputOf<F> = TypesOf<F>["input"] & VersionColumns<F>;

/**
 * Why a work item is new.
 *
 * - `upstream`: no row of it is stored. Its upstream sample is new, or was not computed yet.
 * - `version`: it is stored under another feature version.
 * - `deleted`: it was deleted, and is still expected.
 * - `filter`: it is stored, and a filter on the target hides it.
 * - `other-ids`: it is stored under other id columns.
 * - `skip-comparison`: the caller asked for all expected rows.
 */
export type NewCause = "upstream" | "version" | "deleted" | "filter" | "other-ids" | "skip-comparison";

/** A row of `increment.new`: as {@link InputOf}, with the reason why it is new. A write ignores that. */
export type NewOf<F> = InputOf<F> & { readonly metaxy_cause: NewCause };

/** A row of `increment.stale`: as {@link InputOf}, with the keys of the fields whose provenance changed. */
export type StaleOf<F> = InputOf<F> & { readonly metaxy_changed_fields: readonly FieldOf<F>[] };

/** A row of `increment.orphaned`: the stored row. Columns in which the rows of one work item differ are null. */
export type OrphanOf<F> = { readonly [K in keyof RowOf<F>]: RowOf<F>[K] | null } & VersionColumns<F>;

/** A sample of a root feature: its row, and the provenance of each field as the caller knows it. */
export type SampleOf<F> = WriteOf<F> & {
  readonly metaxy_provenance_by_field: VersionsByField<F>;
  readonly metaxy_data_version_by_field?: VersionsByField<F>;
};

/** A row with its own provenance, as `store.write` takes it. */
export type RowWithProvenanceOf<F> = WriteOf<F> & {
  readonly metaxy_provenance_by_field: VersionsByField<F>;
  readonly metaxy_data_version_by_field?: VersionsByField<F>;
};

/** A parent without children: its grain columns, and the provenance for which it was processed. */
export type EmptyParentOf<F> = GrainOf<F> & { readonly metaxy_provenance_by_field: VersionsByField<F> };
