import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { type ScalarName, scalarNames, scalarTypes } from "../../runtime/columns/scalar-types.ts";
import type { CheckStep, Constraint, PlacedConstraint } from "../../runtime/contract.ts";
import { lengthsOf, numbersOf, patternOf, sizesOf, uniqueItemsOf } from "./keyword-constraints.ts";
import { acceptsNull, allowedValues, keywordOf, type SchemaNode, typesOf } from "./schema-node.ts";

/**
 * The constraints on the values of a column and on those in them, in a fixed order. Null is refused inside just where
 * the TypeScript type has none.
 */
export function constraintsOf(
  node: SchemaNode,
  type: ColumnType,
  steps: readonly CheckStep[] = [],
): PlacedConstraint[] {
  switch (type.kind) {
    case "json":
      return jsonConstraints(node, steps);
    case "scalar":
      return placed(steps, scalarConstraints(node, type.name));
    case "list":
      return [
        ...placed(steps, [...sizesOf(node), ...uniqueItemsOf(node, type.items)]),
        ...partConstraints(node.children.items, type.items, [...steps, { each: "item" }]),
      ];
    case "map":
      return partConstraints(node.children.additionalProperties, type.values, [...steps, { each: "value" }]);
    case "struct":
      return type.members.flatMap(({ name, type: memberType }) => {
        const member = node.children.properties?.get(name);
        if (member === undefined) return [];
        const inner = [...steps, name];
        const isRequired = keywordOf<readonly string[]>(node, "required")?.includes(name) === true;
        const required = isRequired && !acceptsNull(member) ? [{ keyword: "required" } as const] : [];
        return [...placed(inner, required), ...constraintsOf(member, memberType, inner)];
      });
  }
}

/** Constraints on each item of a list or value of a map. */
function partConstraints(
  node: SchemaNode | undefined,
  type: ColumnType,
  steps: readonly CheckStep[],
): PlacedConstraint[] {
  // Without a schema, as in "additionalProperties": true, any value will do.
  if (node === undefined) return [];
  const present: Constraint[] = acceptsNull(node) ? [] : [{ keyword: "type" }];
  return [...placed(steps, present), ...constraintsOf(node, type, steps)];
}

function scalarConstraints(node: SchemaNode, name: ScalarName): Constraint[] {
  const values = allowedValues(node);
  const { constraints } = scalarTypes[name];
  return [
    ...(constraints === "integer" || constraints === "number" ? numbersOf(node) : []),
    ...(constraints === "text" ? [...lengthsOf(node), ...patternOf(node)] : []),
    ...(values === undefined ? [] : [{ keyword: "enum", value: values } as const]),
  ];
}

function placed(steps: readonly CheckStep[], constraints: readonly Constraint[]): PlacedConstraint[] {
  return constraints.map((constraint) => ({ at: steps, ...constraint }));
}

/** Formats of strings that declare a scalar: in JSON they stay strings, and their texts are checked. */
const stringFormats: ReadonlySet<string> = new Set(
  scalarNames.flatMap((name) => {
    const { type, format } = scalarTypes[name].schema;
    return type === "string" && format !== undefined ? [format] : [];
  }),
);

/** The constraints on a value that is stored as JSON, and on those in it: its whole schema, since no type says any of it. */
function jsonConstraints(node: SchemaNode, steps: readonly CheckStep[]): PlacedConstraint[] {
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
