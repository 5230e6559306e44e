import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { type ScalarName, scalarTypes } from "../../runtime/columns/scalar-types.ts";
import type { CheckStep, Constraint, PlacedConstraint } from "../../runtime/contract.ts";
import { jsonConstraints } from "./json-constraints.ts";
import { lengthsOf, numbersOf, patternOf, sizesOf, uniqueItemsOf } from "./keyword-constraints.ts";
import { acceptsNull, allowedValues, keywordOf, type SchemaNode } from "./schema-node.ts";

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
