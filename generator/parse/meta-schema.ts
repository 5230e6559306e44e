import { createRequire } from "node:module";

/** A node of the meta-schema, as far as our own code reads it. */
export interface MetaSchemaNode {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, MetaSchemaNode>>;
  readonly anyOf?: readonly MetaSchemaNode[];
  readonly examples?: readonly unknown[];
}

/** The meta-schema: `schemas/feature.schema.json`. */
export interface MetaSchema extends MetaSchemaNode {
  readonly $defs: Readonly<Record<string, MetaSchemaNode>>;
}

/** Found under the package's own name, so that sources and built files find the same one. */
export const metaSchema: MetaSchema = createRequire(import.meta.url)("stemma/feature.schema.json");

/** A definition of the meta-schema by its reference: `#/$defs/column`. */
export function definitionOf(ref: string): MetaSchemaNode {
  const definition = metaSchema.$defs[ref.slice("#/$defs/".length)];
  if (definition === undefined) throw new Error(`The meta-schema has no ${ref}`);
  return definition;
}

/** The types of JSON Schema. */
export const typeNames: readonly string[] = (definitionOf("#/$defs/typeName").enum ?? []).map(String);
