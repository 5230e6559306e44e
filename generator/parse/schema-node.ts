import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import type { ColumnSchema } from "./parsed-spec.ts";

/** A part of a source file. */
export interface SchemaLocation {
  readonly document: JsonDocument;
  readonly path: JsonPath;
}

/** A keyword of a schema with its value and its place: beside the `$ref`, or in its target. */
export interface Keyword {
  readonly value: unknown;
  readonly location: SchemaLocation;
}

/** The schema of a column or of a part of one, with every `$ref` written out. */
export interface SchemaNode {
  readonly location: SchemaLocation;
  /** Keywords by name. Those whose values are schemas are among the children too, and only there written out. */
  readonly keywords: ReadonlyMap<string, Keyword>;
  readonly children: SchemaChildren;
}

/** The schemas in a schema. */
export interface SchemaChildren {
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode;
  readonly properties?: ReadonlyMap<string, SchemaNode>;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** The value of a keyword, as the meta-schema has checked it. */
export function keywordOf<T>(node: SchemaNode, keyword: string): T | undefined {
  return node.keywords.get(keyword)?.value as T | undefined;
}

/** The types that a schema names. */
export function typesOf(node: SchemaNode): readonly string[] {
  return [keywordOf<string | readonly string[]>(node, "type") ?? []].flat();
}

/** The values that a schema lists, by `const` or `enum`. */
export function allowedValues(node: SchemaNode): readonly unknown[] | undefined {
  const constant = node.keywords.get("const");
  return constant === undefined ? keywordOf<readonly unknown[]>(node, "enum") : [constant.value];
}

/** Whether null is among the values of a schema. A `type` that names null counts, whatever an `enum` beside it lists. */
export function acceptsNull(node: SchemaNode): boolean {
  const { anyOf, oneOf } = node.children;
  if (node.keywords.has("type")) {
    if (!typesOf(node).includes("null")) return false;
  } else if (allowedValues(node)?.includes(null) === false) {
    return false;
  }
  return (anyOf?.some(acceptsNull) ?? true) && (oneOf?.some(acceptsNull) ?? true);
}

/** All schemas in a schema, of whatever keyword. */
export function* childrenOf({ children }: SchemaNode): Iterable<SchemaNode> {
  if (children.items !== undefined) yield children.items;
  if (children.additionalProperties !== undefined) yield children.additionalProperties;
  yield* children.properties?.values() ?? [];
  yield* children.anyOf ?? [];
  yield* children.oneOf ?? [];
}

/** The schema as plain JSON; each schema in it as `adjust` leaves it. */
export function plainSchema(
  node: SchemaNode,
  adjust: (schema: ColumnSchema) => ColumnSchema = (schema) => schema,
): ColumnSchema {
  const plain = (child: SchemaNode): ColumnSchema => plainSchema(child, adjust);
  const { items, additionalProperties, properties, anyOf, oneOf } = node.children;
  return adjust({
    ...Object.fromEntries([...node.keywords].map(([name, { value }]) => [name, value])),
    ...(items === undefined ? {} : { items: plain(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: plain(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries([...properties].map(([name, child]) => [name, plain(child)])) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(plain) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(plain) }),
  });
}
