import type { ColumnFacts } from "../../runtime/columns/column-type.ts";
import type { PlacedConstraint, RenamedFrom } from "../../runtime/contract.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import type { DefaultMapping, FieldsMapping, Lineage } from "./feature-spec.ts";

/** A spec whose shape is right: keywords and their types are checked, defaults filled in, `$ref` inlined. */
export interface ParsedSpec {
  readonly document: JsonDocument;
  readonly title?: string;
  readonly description?: string;
  readonly columns: readonly ParsedColumn[];
  readonly key: string;
  readonly idColumns: readonly string[];
  readonly deps: readonly ParsedDep[];
  readonly fields: readonly ParsedField[];
  /** What was called otherwise; absent where nothing was. */
  readonly renamedFrom?: RenamedFrom;
  /** Free JSON, as written. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A property of the spec: a column of the feature's table. */
export interface ParsedColumn extends ColumnFacts {
  readonly name: string;
  readonly description?: string;
  /** The column's JSON Schema with every `$ref` inlined: what its TypeScript type is printed from. */
  readonly schema: ColumnSchema;
  /** Constraints on the column's values and on those in them, in a fixed order. */
  readonly constraints: readonly PlacedConstraint[];
  readonly path: JsonPath;
}

/** A JSON Schema node of the closed subset, without `$ref` and `$defs`. */
export interface ColumnSchema {
  readonly [keyword: string]: unknown;
}

/** A dependency, defaults filled in. */
export interface ParsedDep {
  readonly feature: string;
  /** Absent: all columns. */
  readonly select?: readonly string[];
  /** Old name → new name. */
  readonly rename: Readonly<Record<string, string>>;
  readonly where: readonly string[];
  readonly optional: boolean;
  readonly lineage: Lineage;
  readonly fieldsMapping: ParsedFieldsMapping;
  readonly path: JsonPath;
  /** Path of the upstream's key: the dep itself where it is a bare string. */
  readonly featurePath: JsonPath;
}

/** A mapping of fields, defaults filled in. */
export type ParsedFieldsMapping = Exclude<FieldsMapping, DefaultMapping> | Required<DefaultMapping>;

/** A field, defaults filled in. */
export interface ParsedField {
  readonly key: string;
  readonly codeVersion: string;
  /** Absent: automatic mapping. */
  readonly deps?: "all" | readonly ParsedFieldDep[];
  readonly path: JsonPath;
  /** Path of the field's key: the field itself where it is a bare string. */
  readonly keyPath: JsonPath;
}

/** An entry of a field's explicit deps. */
export interface ParsedFieldDep {
  readonly feature: string;
  readonly fields: "all" | readonly string[];
  readonly path: JsonPath;
}

/** The code version of a field that does not name one, as in the Python system. */
export const initialCodeVersion = "__metaxy_initial__";
