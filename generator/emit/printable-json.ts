import type { ColumnSchema } from "../parse/parsed-spec.ts";
import {
  isRequired,
  isSchema,
  literalsOf,
  mapOf,
  type NestedMember,
  nullSchema,
  objectOf,
  type PrintableSchema,
  typesOf,
  unionOf,
  unknownSchema,
} from "./printable-schema.ts";

/**
 * The types of a value that is kept as JSON, null among them. It is read as it was written, so a property that is not
 * required may be absent, and an open object has further ones.
 */
export function jsonTypes(schema: ColumnSchema, members: NestedMember[]): readonly PrintableSchema[] {
  const values = literalsOf(schema);
  if (values !== undefined) return literalTypes(values);
  const parts = [
    namedTypes(schema).map((type) => jsonType(schema, type, members)),
    ...[schema["anyOf"], schema["oneOf"]]
      .filter(Array.isArray)
      .map((shapes) => shapes.flatMap((shape) => jsonTypes(shape, members))),
  ].filter((types) => types.length > 0 && !types.includes(unknownSchema));
  const [types = [unknownSchema], ...others] = parts;
  return others.length === 0 ? types : [{ allOf: parts.map((part) => unionOf(part)) }];
}

function literalTypes(values: readonly unknown[]): readonly PrintableSchema[] {
  const present = values.filter((value) => value !== null);
  return [...(present.length > 0 ? [{ enum: present }] : []), ...(values.includes(null) ? [nullSchema] : [])];
}

function namedTypes(schema: ColumnSchema): readonly string[] {
  if ("type" in schema) return typesOf(schema);
  return "properties" in schema ? ["object"] : "items" in schema ? ["array"] : [];
}

function jsonType(schema: ColumnSchema, type: string, members: NestedMember[]): PrintableSchema {
  switch (type) {
    case "null":
      return nullSchema;
    case "array":
      return { type, items: isSchema(schema["items"]) ? jsonUnion(schema["items"], members) : unknownSchema };
    case "object":
      return jsonObject(schema, members);
    default:
      return { type: type === "integer" ? "number" : type };
  }
}

function jsonObject(schema: ColumnSchema, members: NestedMember[]): PrintableSchema {
  const additional = schema["additionalProperties"];
  if (!("properties" in schema))
    return mapOf(isSchema(additional) ? jsonUnion(additional, members) : unknownSchema);
  const closed = objectOf(schema, members, (member, name) => ({
    schema: jsonUnion(member, members),
    required: isRequired(schema, name),
  }));
  if (additional === undefined || additional === false) return closed;
  return {
    ...closed,
    additionalProperties: isSchema(additional) ? jsonUnion(additional, members) : unknownSchema,
  };
}

function jsonUnion(schema: ColumnSchema, members: NestedMember[]): PrintableSchema {
  const types = jsonTypes(schema, members);
  return unionOf(
    types.filter((type) => type !== nullSchema),
    types.includes(nullSchema),
  );
}
