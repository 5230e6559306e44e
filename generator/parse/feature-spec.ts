// @generated from schemas/feature.schema.json by test/support/generate-spec-type.ts. Do not edit.
// Edit the schema, then run `npm run spec-type`.

export type Type = TypeName | TypeNames;
export type TypeName = "string" | "integer" | "number" | "boolean" | "array" | "object" | "null";
export type TypeNames = TypeName[];
export type Names = string[];
export type AdditionalProperties = Open | Column;
export type Open = boolean;
export type Shapes = Column[];
export type Count = number;
export type Key = string;
export type DepEntry = Key | Dep;
export type Lineage = IdentityLineage | AggregationLineage | ExpansionLineage;
export type FieldsMapping = DefaultMapping | SpecificMapping | AllMapping | NoneMapping;
export type Keys = Key[];
export type FieldEntry = Key | Field;
export type FieldDeps = All | FieldDepList;
export type All = "all";
export type FieldKeys = All | FieldKeyList;
export type FieldKeyList = Key[];
export type FieldDepList = FieldDep[];

/**
 * A feature: a table of metadata about samples. The properties are the columns of a row; `feature` says how the feature comes about from other features. The language is a closed subset of JSON Schema (draft 2020-12) with the one extension keyword `feature`: what is not described here is refused.
 */
export interface FeatureSpec {
  /**
   * Where editors find the description of this language, usually a relative path. The compiler uses its own copy and ignores it.
   */
  $schema?: string;
  /**
   * The generated module exports the feature under this name, in PascalCase. Default: the key in PascalCase. Must be unique in the project.
   */
  title?: string;
  /**
   * What one row is. Becomes the documentation comment of the generated types. Never changes a feature or field version.
   */
  description?: string;
  /**
   * A row is always an `object`.
   */
  type: "object";
  /**
   * The columns of the feature's table, by name. Names must differ in more than case, and must not begin with `metaxy_` or `stemma_`, which belong to the system.
   */
  properties: {
    [k: string]: Column;
  };
  /**
   * Names of the columns that every row has, with a value. A column that is not listed may be null. Id columns must be listed. Default: none.
   */
  required?: Names;
  /**
   * A row holds declared columns only, so this is `false`, which is also the default.
   */
  additionalProperties?: false;
  /**
   * Column schemas to be used in several places, by name: `{ "$ref": "#/$defs/path" }`.
   */
  $defs?: {
    [k: string]: Column;
  };
  /**
   * How the feature is identified, what it is computed from, and which fields it has.
   */
  feature: Feature;
}
/**
 * Type and constraints of a column, or of a part of one: the members of an object, the items of an array. `string` is VARCHAR (with a `format` TIMESTAMPTZ, DATE or UUID), `integer` BIGINT, `number` DOUBLE, `boolean` BOOLEAN, an array a LIST, an object with `properties` a STRUCT, with only `additionalProperties` a MAP, any other shape JSON.
 */
export interface Column {
  /**
   * The JSON type of the value. `["string", "null"]` makes the column nullable, as leaving it out of `required` does.
   */
  type?: Type;
  /**
   * Of a string: `date-time` (TIMESTAMPTZ), `date` (DATE) or `uuid` (UUID). Of an integer: `int64`, which is a `bigint` in TypeScript and may go beyond 2^53. Default: none.
   */
  format?: "date-time" | "date" | "uuid" | "int64";
  /**
   * Of a column, not of a part of one: the name under which its values are stored so far. They are read from there until the first write, or `stemma migrate`, copies them to the new name. Never changes a feature or field version. Remove it once every store is migrated.
   */
  renamedFrom?: string;
  /**
   * The values that the column may have; a union of literals in TypeScript. Where null is allowed, `null` is among them.
   */
  enum?: unknown[];
  /**
   * The one value that the column may have.
   */
  const?: unknown;
  /**
   * What the items of an array are. An array without `items` is stored as JSON.
   */
  items?: Column;
  /**
   * The members of an object, by name. Names must differ in more than case.
   */
  properties?: {
    [k: string]: Column;
  };
  /**
   * Names of the members that every value has. Default: none.
   */
  required?: Names;
  /**
   * What the values of an object with free names are. Together with `properties`, `false` (the default) closes the object, and anything else makes it JSON.
   */
  additionalProperties?: AdditionalProperties;
  /**
   * Uses a schema from elsewhere: a definition of this file, or of another local file, by relative path and JSON pointer. Sibling keywords are added; `title`, `description`, `default`, `examples` and `deprecated` replace those of the target.
   */
  $ref?: string;
  /**
   * Column schemas to be used in several places, by name.
   */
  $defs?: {
    [k: string]: Column;
  };
  /**
   * The value has at least one of these shapes. The column is stored as JSON.
   */
  anyOf?: Shapes;
  /**
   * The value has exactly one of these shapes. The column is stored as JSON.
   */
  oneOf?: Shapes;
  /**
   * A short name for people.
   */
  title?: string;
  /**
   * What the value means, with its unit. Becomes a documentation comment of the generated types.
   */
  description?: string;
  /**
   * The value that is usual, for readers: it is not filled in on write. Must satisfy this schema.
   */
  default?: unknown;
  /**
   * Values as they occur. Each must satisfy this schema.
   */
  examples?: unknown[];
  /**
   * Whether the column should no longer be used; marks it so in TypeScript. Default: `false`.
   */
  deprecated?: boolean;
  /**
   * A number is at least this. Default: no bound.
   */
  minimum?: number;
  /**
   * A number is at most this. Default: no bound.
   */
  maximum?: number;
  /**
   * A number is greater than this. Default: no bound.
   */
  exclusiveMinimum?: number;
  /**
   * A number is less than this. Default: no bound.
   */
  exclusiveMaximum?: number;
  /**
   * A number is a multiple of this: an integer exactly, a fraction where the quotient is within 1e-9 of a whole number. Default: no restriction.
   */
  multipleOf?: number;
  /**
   * A string has at least so many characters. Default: 0.
   */
  minLength?: Count;
  /**
   * A string has at most so many characters. Default: no bound.
   */
  maxLength?: Count;
  /**
   * A string contains a match of this regular expression, as JavaScript understands it; `^` and `$` bind it to the ends. What DuckDB's RE2 can't run (lookaround, backreferences) is not enforced, with a warning. Default: no restriction.
   */
  pattern?: string;
  /**
   * An array has at least so many items. Default: 0.
   */
  minItems?: Count;
  /**
   * An array has at most so many items. Default: no bound.
   */
  maxItems?: Count;
  /**
   * Whether the items of an array all differ. Not enforced, with a warning, where the items are lists or objects that are stored as JSON. Default: `false`.
   */
  uniqueItems?: boolean;
}
export interface Feature {
  /**
   * Names the feature in the project: parts of lower-case letters, digits, `_` and `-`, joined by `/`, without `__`; the first begins with a letter or `_`. Unique in the project.
   */
  key: Key;
  /**
   * The key under which rows of this feature are stored so far: `stemma migrate` carries them over to the new key. Never changes a feature or field version. Remove it once every store is migrated.
   */
  renamedFrom?: Key;
  /**
   * The columns that together identify a sample. Each is a declared and required property of a scalar type.
   */
  idColumns: string[];
  /**
   * The features from whose rows the rows of this one are computed: a key, or an object with options. Default: none, which makes a root feature, whose samples the caller supplies.
   */
  deps?: DepEntry[];
  /**
   * The logical parts of the data (audio, frames), each with a version of its own: a key, or an object with options. Fields are not columns. Default: one field named `default`.
   */
  fields?: FieldEntry[];
  /**
   * Free JSON: owner, links, tags. Never changes a feature or field version. Default: `{}`.
   */
  metadata?: {
    [k: string]: unknown;
  };
}
export interface Dep {
  /**
   * Which feature the rows come from.
   */
  feature: Key;
  /**
   * Which upstream columns the increment carries, by their names after `rename`. The upstream's ids and the columns of `lineage.on` always come along, so `[]` means only these. Default: all columns.
   */
  select?: Names;
  /**
   * New names of upstream columns, by old name. Applied before `select`, `where` and `lineage.on`. Default: `{}`.
   */
  rename?: {
    [k: string]: string;
  };
  /**
   * Which upstream rows count, as conditions that must all hold, in the names after `rename`. Comparisons, `AND`, `OR`, `NOT`, `IN`, `IS NULL`. Default: all rows.
   */
  where?: string[];
  /**
   * Whether a sample counts even where this upstream has no row for it; its columns are null then. Default: `false`.
   */
  optional?: boolean;
  /**
   * How rows of the upstream relate to rows of this feature: one to one (`identity`), many to one (`aggregation`) or one to many (`expansion`). Default: `identity`.
   */
  lineage?: Lineage;
  /**
   * Which fields of the upstream each field of this feature is computed from, unless the field has `deps` of its own. Default: fields of the same key, else all.
   */
  fieldsMapping?: FieldsMapping;
}
export interface IdentityLineage {
  /**
   * Each row corresponds to one upstream row.
   */
  type: "identity";
}
export interface AggregationLineage {
  /**
   * Each row corresponds to a group of upstream rows.
   */
  type: "aggregation";
  /**
   * The columns by which upstream rows are grouped, in the names after `rename`. They are among this feature's id columns. Default: all of them.
   */
  on?: string[];
}
export interface ExpansionLineage {
  /**
   * Several rows correspond to one upstream row, their parent.
   */
  type: "expansion";
  /**
   * The columns that identify the parent: the upstream's ids, in the names after `rename`. This feature's table must have them.
   */
  on: string[];
}
export interface DefaultMapping {
  /**
   * A field is computed from the upstream field of the same key; where there is none, from all upstream fields.
   */
  type: "default";
  /**
   * Whether an upstream field also matches when the last parts of its key equal the field's key, as `raw/audio` does for `audio`. Default: `false`.
   */
  matchSuffix?: boolean;
  /**
   * Upstream fields that are left out of the mapping. Default: none.
   */
  excludeFields?: Keys;
}
export interface SpecificMapping {
  /**
   * Each field names the upstream fields that it is computed from.
   */
  type: "specific";
  /**
   * Keys of upstream fields, by the key of this feature's field. A field that is not named gets none.
   */
  mapping: {
    [k: string]: Keys;
  };
}
export interface AllMapping {
  /**
   * Every field is computed from all upstream fields.
   */
  type: "all";
}
export interface NoneMapping {
  /**
   * No field is computed from this upstream.
   */
  type: "none";
}
export interface Field {
  /**
   * Names the field in the feature; the rules are those of feature keys.
   */
  key: Key;
  /**
   * The key under which this field is stored so far: `stemma migrate` carries its versions over to the new key. Never changes a feature or field version. Remove it once every store is migrated.
   */
  renamedFrom?: Key;
  /**
   * Change it when the code that computes this field changes its result: the field and all that is computed from it get a new version. Any text. Default: `__metaxy_initial__`.
   */
  codeVersion?: string;
  /**
   * The upstream fields that this field is computed from: `"all"`, or a list. Switches the mapping of the deps off for this field. Default: the mapping decides.
   */
  deps?: FieldDeps;
}
export interface FieldDep {
  /**
   * One of the features in this feature's `deps`. It may appear in several entries, which add up.
   */
  feature: Key;
  /**
   * Keys of its fields, or `"all"`, which is the default.
   */
  fields?: FieldKeys;
}
