import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { isNamedByFormat, type ScalarName, scalarTypes } from "../../runtime/columns/scalar-types.ts";
import type { ColumnSchema } from "../parse/parsed-spec.ts";
import { jsonTypes } from "./printable-json.ts";
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
} from "./printable-schema.ts";

/** What the type of a column's values is printed from. */
export interface TypedColumn {
  readonly schema: ColumnSchema;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** A column's type, ready to be printed. */
export interface PrintableColumn {
  readonly schema: PrintableSchema;
  /** The properties of its objects, however deep. */
  readonly members: readonly NestedMember[];
}

/**
 * Copies a column's schema down to what makes its TypeScript type: objects are closed, null is an alternative of its
 * own, and bounds, titles, descriptions and names are gone.
 */
export function printableColumn({ schema, type, nullable }: TypedColumn): PrintableColumn {
  const members: NestedMember[] = [];
  return { schema: unionOf(valueTypes(schema, type, members), nullable), members };
}

/** The types of a value that is not null. */
function valueTypes(
  schema: ColumnSchema,
  type: ColumnType,
  members: NestedMember[],
): readonly PrintableSchema[] {
  switch (type.kind) {
    case "scalar":
      return [scalar(schema, type.name)];
    case "list":
      return [{ type: "array", items: part(schema["items"], type.items, members) }];
    case "map":
      return [mapOf(part(schema["additionalProperties"], type.values, members))];
    case "struct": {
      const types = new Map(type.members.map((member) => [member.name, member.type]));
      const property = (member: ColumnSchema, name: string) => ({
        schema: part(member, types.get(name) ?? { kind: "json" }, members, !isRequired(schema, name)),
        required: true,
      });
      return [objectOf(schema, members, property)];
    }
    case "json":
      return jsonTypes(schema, members).filter((alternative) => alternative !== nullSchema);
  }
}

/** A value in a list, map or struct. A member that is not required reads as null. */
function part(schema: unknown, type: ColumnType, members: NestedMember[], optional = false): PrintableSchema {
  const partSchema = isSchema(schema) ? schema : {};
  return unionOf(valueTypes(partSchema, type, members), optional || acceptsNull(partSchema));
}

/** Listed values are a union of literals, unless a format has them read in another form than a schema lists. */
function scalar(schema: ColumnSchema, name: ScalarName): PrintableSchema {
  const values = literalsOf(schema)?.filter((value) => value !== null) ?? [];
  if (!isNamedByFormat(name) && values.length > 0) return { enum: values };
  const { typescript } = scalarTypes[name];
  return typescript === "bigint" ? { tsType: typescript } : { type: typescript };
}

/** As the parser judges columns: a `type` that names null counts, whatever an `enum` beside it lists. */
function acceptsNull(schema: ColumnSchema): boolean {
  const accepted = "type" in schema ? typesOf(schema).includes("null") : literalsOf(schema)?.includes(null);
  if (accepted === false) return false;
  return [schema["anyOf"], schema["oneOf"]].every(
    (shapes) => !Array.isArray(shapes) || shapes.some(acceptsNull),
  );
}
