import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { scalarOfSchema } from "../../runtime/columns/scalar-types.ts";
import { allowedValues, keywordOf, type SchemaNode, typesOf } from "./schema-node.ts";
import { jsonType } from "./validate-shape.ts";

const json: ColumnType = { kind: "json" };

/** The type of a column that keeps the values of a schema. */
export function columnTypeOf(node: SchemaNode): ColumnType {
  const { children } = node;
  if (children.anyOf !== undefined || children.oneOf !== undefined) return json;
  if (allowedValues(node)?.every((value) => value === null)) return json;
  const types = (node.keywords.has("type") ? typesOf(node) : typesOfValues(node)).filter(
    (type) => type !== "null",
  );
  const [type] = types;
  if (types.length !== 1 || type === undefined) return json;
  switch (type) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return { kind: "scalar", name: scalarOfSchema(type, keywordOf<string>(node, "format")) };
    case "array":
      return children.items === undefined ? json : { kind: "list", items: columnTypeOf(children.items) };
    default:
      return objectType(node);
  }
}

/** A STRUCT has members, and no further ones: other objects are JSON. */
function objectType(node: SchemaNode): ColumnType {
  const { properties, additionalProperties } = node.children;
  const isOpen =
    additionalProperties !== undefined || keywordOf<boolean>(node, "additionalProperties") === true;
  if (properties === undefined || properties.size === 0) {
    if (!isOpen) return json;
    return {
      kind: "map",
      values: additionalProperties === undefined ? json : columnTypeOf(additionalProperties),
    };
  }
  if (isOpen) return json;
  const members = [...properties].map(([name, member]) => ({ name, type: columnTypeOf(member) }));
  return { kind: "struct", members };
}

/** The types of the values that a schema without `type` allows by `enum` or `const`. */
function typesOfValues(node: SchemaNode): readonly string[] {
  const types = new Set((allowedValues(node) ?? []).map(typeOfValue));
  if (types.has("number")) types.delete("integer");
  return [...types];
}

function typeOfValue(value: unknown): string {
  return Number.isInteger(value) ? "integer" : jsonType(value);
}
