import type { Lineage, RenamedFrom } from "../../runtime/contract.ts";
import type { FieldsMapping } from "../parse/feature-spec.ts";

/** Version of the shape below. A manifest of another version cannot be read. */
export const manifestVersion = 1;

/**
 * The output of a compile as data: every version, and all that the diff compares.
 *
 * It is committed as `versions.json`, so that two states of a project are compared without their specs, a store, or the
 * version of the tool that compiled them.
 */
export interface Manifest {
  readonly manifestVersion: typeof manifestVersion;
  /** Name of the project. */
  readonly project: string;
  /** How many characters of each hash are kept. */
  readonly hashLength: number;
  readonly projectVersion: string;
  /** By feature key. */
  readonly features: Readonly<Record<string, ManifestFeature>>;
}

/** A feature: its versions, and all that decides them and its rows. */
export interface ManifestFeature {
  /** Name of the export. */
  readonly name: string;
  /** Path of the spec, relative to the project. */
  readonly spec: string;
  /** Path of the module below the output folder, without extension. */
  readonly module: string;
  readonly featureVersion: string;
  readonly codeVersion: string;
  readonly definitionVersion: string;
  /** As declared: their order decides the order in which an aggregation takes the rows. */
  readonly idColumns: readonly string[];
  /** Old names, as the spec declares them; absent where it declares none. */
  readonly renamedFrom?: RenamedFrom;
  /** Ordered by feature key. */
  readonly deps: readonly ManifestDep[];
  /** By field key. */
  readonly fields: Readonly<Record<string, ManifestField>>;
  /** By column name. */
  readonly columns: Readonly<Record<string, ManifestColumn>>;
}

/** A dependency. Options that have their default value are left out. */
export interface ManifestDep {
  readonly feature: string;
  readonly optional?: true;
  /** With `on` filled in. */
  readonly lineage: Lineage;
  readonly select?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  /** As written. */
  readonly where?: readonly string[];
  readonly fieldsMapping?: FieldsMapping;
}

/** A field: its version, and what that is hashed over. */
export interface ManifestField {
  readonly version: string;
  readonly codeVersion: string;
  /** Full names (`feature.field`), ordered. */
  readonly parents: readonly string[];
  /** As written; absent where the parents come from the deps' mappings. */
  readonly deps?: "all" | readonly ManifestFieldDep[];
}

/** An entry of a field's own `deps`. */
export interface ManifestFieldDep {
  readonly feature: string;
  readonly fields: "all" | readonly string[];
}

/** A column: its type as generated modules print it, with details where the type lacks some. */
export type ManifestColumn = string | ManifestColumnDetails;

/**
 * A column with details beyond its type: further JSON Schema keywords (`enum`, `minimum`, `pattern`, …),
 * those of its members under `properties`, `items` or `additionalProperties`, or the whole `schema` of a JSON column.
 */
export interface ManifestColumnDetails {
  readonly type: string;
  readonly [keyword: string]: unknown;
}
