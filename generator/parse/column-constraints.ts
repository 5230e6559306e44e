import type { ColumnType } from "../../runtime/column-type.ts";
import type { Constraint } from "./parsed-spec.ts";
import { allowedValues, keywordOf, type SchemaNode } from "./schema-node.ts";

const scalarKeywords = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
] as const;

/** The constraints on the values of a scalar column, in a fixed order; none for other columns. */
export function constraintsOf(node: SchemaNode, type: ColumnType): Constraint[] {
  if (type.kind !== "scalar") return [];
  const constraints = scalarKeywords.flatMap((keyword) => {
    const value = keywordOf<string | number>(node, keyword);
    // The meta-schema has checked that the value fits the keyword.
    return value === undefined ? [] : [{ keyword, value } as Constraint];
  });
  const values = allowedValues(node) as (string | number | boolean | null)[] | undefined;
  return values === undefined ? constraints : [...constraints, { keyword: "enum", value: values }];
}
