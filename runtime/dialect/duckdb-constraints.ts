import type { ColumnType } from "../columns/column-type.ts";
import { scalarTypes } from "../columns/scalar-types.ts";
import type { Constraint } from "../contract.ts";
import { quoteInCheck } from "./check-placeholder.ts";
import { jsonConstraintSql } from "./duckdb-json-constraints.ts";
import { multipleOfSql, numberSql } from "./duckdb-numbers.ts";
import type { ValueDialect } from "./value-dialect.ts";

/** A predicate that refuses null, and nothing else. */
const isPresent = "$value IS NOT NULL";

/**
 * SQL of a constraint on values of a type, over `$value`: false where a value breaks it, true or null elsewhere.
 *
 * @example
 * ```ts
 * constraintSql(duckdbValues, { keyword: "minimum", value: 0 }, { kind: "scalar", name: "BIGINT" }); // "$value >= 0"
 * ```
 */
export function constraintSql(dialect: ValueDialect, constraint: Constraint, type: ColumnType): string {
  if (type.kind === "json") return jsonConstraintSql(dialect, constraint);
  switch (constraint.keyword) {
    case "required":
    case "type":
      return isPresent;
    case "minimum":
      return `$value >= ${numberSql(constraint.value)}${withoutNan(type)}`;
    case "exclusiveMinimum":
      return `$value > ${numberSql(constraint.value)}${withoutNan(type)}`;
    case "maximum":
      return `$value <= ${numberSql(constraint.value)}`;
    case "exclusiveMaximum":
      return `$value < ${numberSql(constraint.value)}`;
    case "multipleOf":
      return multipleOfSql("$value", constraint);
    case "minLength":
      return `length($value) >= ${constraint.value}`;
    case "maxLength":
      return `length($value) <= ${constraint.value}`;
    case "pattern":
      return `regexp_matches($value, ${quoteInCheck(constraint.value)})`;
    case "enum":
      return `$value IN (${constraint.value
        .filter((value) => value !== null)
        .map(literal)
        .join(", ")})`;
    case "minItems":
      return `len($value) >= ${constraint.value}`;
    case "maxItems":
      return `len($value) <= ${constraint.value}`;
    case "uniqueItems":
      return uniqueItemsSql(dialect, constraint, type);
    case "format":
    case "additionalProperties":
    case "anyOf":
    case "oneOf":
      throw new Error(`${constraint.keyword} is a constraint on JSON alone`);
  }
}

function uniqueItemsSql(
  dialect: ValueDialect,
  constraint: Extract<Constraint, { keyword: "uniqueItems" }>,
  type: ColumnType,
): string {
  if (type.kind === "list" && type.items.kind === "json")
    return jsonConstraintSql(dialect, constraint, "$value");
  return constraint.nullable
    ? "len(list_distinct($value)) = list_count($value) AND len($value) - list_count($value) <= 1"
    : "len(list_distinct($value)) = len($value)";
}

/** For DuckDB, NaN is greater than all numbers. */
function withoutNan(type: ColumnType): string {
  const isNumber = type.kind === "scalar" && scalarTypes[type.name].constraints === "number";
  return isNumber ? " AND NOT isnan($value)" : "";
}

function literal(value: unknown): string {
  if (typeof value === "string") return quoteInCheck(value);
  return typeof value === "number" ? numberSql(value) : String(value).toUpperCase();
}
