/** A feature spec as its file holds it. The oracle takes it to be valid. */
export interface SpecDocument {
  readonly title?: string;
  readonly type: "object";
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly feature: FeatureKeyword;
}

/** JSON Schema of a column, as far as the oracle looks at it. */
export interface PropertySchema {
  readonly type: string | readonly string[];
  readonly format?: string;
  readonly renamedFrom?: string;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
}

export interface FeatureKeyword {
  readonly key: string;
  readonly idColumns: readonly string[];
  readonly deps?: readonly (string | DepDocument)[];
  readonly fields?: readonly (string | FieldDocument)[];
}

export interface DepDocument {
  readonly feature: string;
  readonly select?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly where?: readonly string[];
  readonly optional?: boolean;
  readonly lineage?: LineageDocument;
  readonly fieldsMapping?: MappingDocument;
}

export type LineageDocument =
  | { readonly type: "identity" }
  | { readonly type: "aggregation"; readonly on?: readonly string[] }
  | { readonly type: "expansion"; readonly on: readonly string[] };

export type MappingDocument =
  | { readonly type: "default"; readonly matchSuffix?: boolean; readonly excludeFields?: readonly string[] }
  | { readonly type: "specific"; readonly mapping: Readonly<Record<string, readonly string[]>> }
  | { readonly type: "all" }
  | { readonly type: "none" };

export interface FieldDocument {
  readonly key: string;
  readonly codeVersion?: string;
  readonly deps?: "all" | readonly FieldDepDocument[];
}

export interface FieldDepDocument {
  readonly feature: string;
  readonly fields?: "all" | readonly string[];
}
