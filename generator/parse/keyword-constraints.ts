import type { ColumnType } from "../../runtime/columns/column-type.ts";
import type { Constraint } from "../../runtime/contract.ts";
import { translatePattern } from "./re2-pattern.ts";
import { acceptsNull, allowedValues, keywordOf, type SchemaNode, typesOf } from "./schema-node.ts";

const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

/** What a schema says about numbers. */
export function numbersOf(node: SchemaNode): Constraint[] {
  const multiple = keywordOf<number>(node, "multipleOf");
  const types = typesOf(node);
  const exactly = Number.isInteger(multiple) && types.includes("integer") && !types.includes("number");
  return [
    ...counted(node, bounds),
    ...(multiple === undefined ? [] : [{ keyword: "multipleOf", value: multiple, exactly } as const]),
  ];
}

/** What a schema says about the lengths of strings. */
export function lengthsOf(node: SchemaNode): Constraint[] {
  return counted(node, ["minLength", "maxLength"]);
}

/** The pattern of a schema, unless it is one that is not enforced. */
export function patternOf(node: SchemaNode): Constraint[] {
  const pattern = keywordOf<string>(node, "pattern");
  const translated = pattern === undefined ? undefined : translatePattern(pattern);
  return translated === undefined ? [] : [{ keyword: "pattern", value: translated }];
}

/** What a schema says about the lengths of arrays. */
export function sizesOf(node: SchemaNode): Constraint[] {
  return counted(node, ["minItems", "maxItems"]);
}

/** Whether the items of an array must differ, unless that is not enforced. `items` is their type where it is a list. */
export function uniqueItemsOf(node: SchemaNode, items: ColumnType = { kind: "json" }): Constraint[] {
  if (keywordOf<boolean>(node, "uniqueItems") !== true || !areComparable(node, items)) return [];
  const schema = node.children.items;
  const nullable = schema === undefined || acceptsNull(schema);
  return [{ keyword: "uniqueItems", nullable }];
}

/**
 * Whether DuckDB can tell whether two items of an array are the same. JSON it compares as text, in which lists and
 * objects may be written in several ways.
 */
export function areComparable(node: SchemaNode, items: ColumnType): boolean {
  if (items.kind !== "json") return !holdsJson(items);
  return node.children.items !== undefined && isScalar(node.children.items);
}

function holdsJson(type: ColumnType): boolean {
  switch (type.kind) {
    case "json":
      return true;
    case "scalar":
      return false;
    case "list":
      return holdsJson(type.items);
    case "map":
      return holdsJson(type.values);
    case "struct":
      return type.members.some((member) => holdsJson(member.type));
  }
}

const scalarTypes: ReadonlySet<string> = new Set(["string", "integer", "number", "boolean", "null"]);

function isScalar(node: SchemaNode): boolean {
  const { anyOf, oneOf } = node.children;
  const values = allowedValues(node);
  if (values !== undefined) return values.every((value) => typeof value !== "object" || value === null);
  const types = typesOf(node);
  if (types.length > 0) return types.every((type) => scalarTypes.has(type));
  const shapes = anyOf ?? oneOf ?? [];
  return shapes.length > 0 && shapes.every(isScalar);
}

function counted<Name extends (typeof bounds)[number] | "minLength" | "maxLength" | "minItems" | "maxItems">(
  node: SchemaNode,
  names: readonly Name[],
): { readonly keyword: Name; readonly value: number }[] {
  // The meta-schema has checked that the value fits the keyword.
  return names.flatMap((keyword) => {
    const value = keywordOf<number>(node, keyword);
    return value === undefined ? [] : [{ keyword, value }];
  });
}
