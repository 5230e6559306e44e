import { type ColumnType, printColumn } from "../../runtime/columns/column-type.ts";
import { isNamedByFormat } from "../../runtime/columns/scalar-types.ts";
import type { ColumnSchema, ParsedColumn } from "../parse/parsed-spec.ts";
import type { ManifestColumn } from "./manifest.ts";

/** Describes a column: its type, and the keywords that constrain its values beyond the type. */
export function describeColumn(column: ParsedColumn): ManifestColumn {
  const type = printColumn(column);
  if (column.type.kind === "json") return { type, schema: withoutAnnotations(column.schema) };
  const { type: _, ...details } = refinements(column.schema, column.type);
  return isEmpty(details) ? type : { type, ...details };
}

/** Keywords that document and do not constrain. The definition version covers them. */
const annotations: ReadonlySet<string> = new Set([
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
]);

/** The part of a schema that the printed type lacks, ordered by keyword. */
function refinements(schema: ColumnSchema, type: ColumnType): ColumnSchema {
  if (type.kind === "json") return withoutAnnotations(schema);
  return mapKeywords(schema, (keyword, value) => {
    switch (keyword) {
      case "type":
        // A printed type has the nullability of the column, not of members and items.
        return Array.isArray(value) ? value : undefined;
      case "format":
        return type.kind === "scalar" && isNamedByFormat(type.name) ? undefined : value;
      case "properties":
        return type.kind === "struct" ? nonEmpty(memberRefinements(value as Members, type)) : value;
      case "required":
        return [...(value as string[])].sort();
      case "items":
        return type.kind === "list" ? nonEmpty(refinements(value as ColumnSchema, type.items)) : value;
      case "additionalProperties":
        return type.kind === "map" ? nonEmpty(refinements(value as ColumnSchema, type.values)) : undefined;
      default:
        return value;
    }
  });
}

type Members = Readonly<Record<string, ColumnSchema>>;

function memberRefinements(members: Members, type: ColumnType & { kind: "struct" }): ColumnSchema {
  return ordered(
    type.members.flatMap((member) => {
      const schema = members[member.name];
      const details = schema === undefined ? {} : refinements(schema, member.type);
      return isEmpty(details) ? [] : [[member.name, details] as const];
    }),
  );
}

/** A schema without annotations, ordered by keyword. */
function withoutAnnotations(schema: ColumnSchema): ColumnSchema {
  return mapKeywords(schema, (keyword, value) => {
    switch (keyword) {
      case "properties":
        return ordered(
          Object.entries(value as Members).map(([name, member]) => [name, withoutAnnotations(member)]),
        );
      case "items":
      case "additionalProperties":
        return typeof value === "object" ? withoutAnnotations(value as ColumnSchema) : value;
      case "anyOf":
      case "oneOf":
        return (value as ColumnSchema[]).map(withoutAnnotations);
      default:
        return value;
    }
  });
}

/** Maps the keywords that constrain; those that become `undefined` are left out. */
function mapKeywords(schema: ColumnSchema, map: (keyword: string, value: unknown) => unknown): ColumnSchema {
  return ordered(
    Object.entries(schema)
      .filter(([keyword]) => !annotations.has(keyword))
      .map(([keyword, value]) => [keyword, map(keyword, value)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function ordered(entries: readonly (readonly [string, unknown])[]): ColumnSchema {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function nonEmpty(schema: ColumnSchema): ColumnSchema | undefined {
  return isEmpty(schema) ? undefined : schema;
}

function isEmpty(schema: ColumnSchema): boolean {
  return Object.keys(schema).length === 0;
}
