import { scalarNames, scalarTypes } from "../../runtime/columns/scalar-types.ts";
import type { CheckStep, Constraint, PlacedConstraint } from "../../runtime/contract.ts";
import { lengthsOf, numbersOf, patternOf, sizesOf, uniqueItemsOf } from "./keyword-constraints.ts";
import { allowedValues, keywordOf, type SchemaNode, typesOf } from "./schema-node.ts";

/** Formats of strings that declare a scalar: in JSON they stay strings, and their texts are checked. */
const stringFormats: ReadonlySet<string> = new Set(
  scalarNames.flatMap((name) => {
    const { type, format } = scalarTypes[name].schema;
    return type === "string" && format !== undefined ? [format] : [];
  }),
);

/** The constraints on a value that is stored as JSON, and on those in it: its whole schema, since no type says any of it. */
export function jsonConstraints(node: SchemaNode, steps: readonly CheckStep[]): PlacedConstraint[] {
  const own = [...ownConstraints(node), ...alternatives(node)];
  return [
    ...own.map((constraint) => ({ at: steps, ...constraint })),
    ...memberConstraints(node, steps),
    ...(node.children.items === undefined
      ? []
      : jsonConstraints(node.children.items, [...steps, { each: "item" }])),
  ];
}

function ownConstraints(node: SchemaNode): Constraint[] {
  const types = typesOf(node);
  const values = allowedValues(node);
  const format = keywordOf<string>(node, "format");
  const properties = node.children.properties;
  return [
    ...(types.length > 0 ? [{ keyword: "type", value: types } as const] : []),
    ...(values === undefined ? [] : [{ keyword: "enum", value: values } as const]),
    ...numbersOf(node),
    ...lengthsOf(node),
    ...patternOf(node),
    ...(format !== undefined && stringFormats.has(format)
      ? [{ keyword: "format", value: format } as const]
      : []),
    ...sizesOf(node),
    ...uniqueItemsOf(node),
    ...(isClosed(node)
      ? [{ keyword: "additionalProperties", value: [...(properties?.keys() ?? [])] } as const]
      : []),
  ];
}

/** An object that declares members is closed unless it says that it is open. */
function isClosed(node: SchemaNode): boolean {
  const open = keywordOf<unknown>(node, "additionalProperties");
  return open === false || (open === undefined && node.children.properties !== undefined);
}

function memberConstraints(node: SchemaNode, steps: readonly CheckStep[]): PlacedConstraint[] {
  const { properties, additionalProperties } = node.children;
  const names = [...(properties?.keys() ?? [])];
  const required = keywordOf<readonly string[]>(node, "required") ?? [];
  const others: CheckStep = names.length === 0 ? { each: "value" } : { each: "value", except: names };
  return [
    ...required.map((name) => ({ at: [...steps, name], keyword: "required" }) as const),
    ...[...(properties ?? [])].flatMap(([name, member]) => jsonConstraints(member, [...steps, name])),
    ...(additionalProperties === undefined ? [] : jsonConstraints(additionalProperties, [...steps, others])),
  ];
}

function alternatives({ children: { anyOf, oneOf } }: SchemaNode): Constraint[] {
  const each = (nodes: readonly SchemaNode[]) => nodes.map((node) => jsonConstraints(node, []));
  return [
    ...(anyOf === undefined ? [] : [{ keyword: "anyOf", value: each(anyOf) } as const]),
    ...(oneOf === undefined ? [] : [{ keyword: "oneOf", value: each(oneOf) } as const]),
  ];
}
