import type { ColumnSchema } from "../parse/parsed-spec.ts";
import { docComment } from "./doc-comment.ts";

/** A schema as json-schema-to-typescript prints it best: no more than what makes the type, and no name of a user's. */
export type PrintableSchema = Readonly<Record<string, unknown>>;

/** A property of a nested object. In the printable schema it is `m0`, `m1`, …: its place in the list. */
export interface NestedMember {
  readonly name: string;
  readonly doc: readonly string[];
}

/** A property as it is to be printed. */
export interface PrintableProperty {
  readonly schema: PrintableSchema;
  readonly required: boolean;
}

/** The type of null alone. */
export const nullSchema: PrintableSchema = { type: "null" };

/** The type of all values. */
export const unknownSchema: PrintableSchema = { tsType: "unknown" };

/** The values of any of the types, and null where `nullable`. */
export function unionOf(types: readonly PrintableSchema[], nullable = false): PrintableSchema {
  const [first, ...more] = types;
  if (first === undefined) return nullSchema;
  if (types.includes(unknownSchema)) return unknownSchema;
  if (!nullable && more.length === 0) return first;
  const values = more.length === 0 ? first["enum"] : undefined;
  if (Array.isArray(values)) return { enum: [...values, null] };
  return { anyOf: nullable ? [...types, nullSchema] : types };
}

/** An object with free names. */
export function mapOf(values: PrintableSchema): PrintableSchema {
  return { type: "object", additionalProperties: values };
}

/** A closed object with the properties of `schema`, which are added to `members`. */
export function objectOf(
  schema: ColumnSchema,
  members: NestedMember[],
  property: (schema: ColumnSchema, name: string) => PrintableProperty,
): PrintableSchema {
  const properties = Object.entries(propertiesOf(schema)).map(([name, member]) => {
    const placeholder = `m${members.push({ name, doc: commentOf(member) }) - 1}`;
    return { placeholder, ...property(member, name) };
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties.map(({ placeholder, schema }) => [placeholder, schema])),
    required: properties.filter(({ required }) => required).map(({ placeholder }) => placeholder),
    additionalProperties: false,
  };
}

/** The comment on a column or property: its own description, and that of a list's items. */
export function commentOf(schema: ColumnSchema): readonly string[] {
  const own = schema["description"];
  const ofItems = isSchema(schema["items"]) ? schema["items"]["description"] : undefined;
  const parts = [own, typeof ofItems === "string" ? `Items: ${ofItems}` : undefined];
  return docComment(
    parts.filter((part) => typeof part === "string").join("\n\n"),
    schema["deprecated"] === true,
  );
}

/** The properties that a schema declares. */
export function propertiesOf(schema: ColumnSchema): Readonly<Record<string, ColumnSchema>> {
  return (schema["properties"] ?? {}) as Readonly<Record<string, ColumnSchema>>;
}

/** Whether a schema requires a property. */
export function isRequired(schema: ColumnSchema, name: string): boolean {
  return ((schema["required"] ?? []) as readonly string[]).includes(name);
}

/** The values that a schema lists, by `const` or `enum`. */
export function literalsOf(schema: ColumnSchema): readonly unknown[] | undefined {
  return "const" in schema ? [schema["const"]] : (schema["enum"] as readonly unknown[] | undefined);
}

/** The types that a schema names. */
export function typesOf(schema: ColumnSchema): readonly string[] {
  return [(schema["type"] ?? []) as string | readonly string[]].flat();
}

/** Whether a value is a schema: not a boolean, nor a list of schemas. */
export function isSchema(value: unknown): value is ColumnSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
