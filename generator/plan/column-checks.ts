import type { ValueCheck } from "../../runtime/contract.ts";
import { quoteInCheck } from "../../runtime/dialect/check-placeholder.ts";
import type { Constraint, ParsedColumn, PlacedConstraint } from "../parse/parsed-spec.ts";
import { checkNumber, multipleOfSql } from "./check-number.ts";
import { jsonPredicate } from "./json-predicate.ts";

/** The constraints on columns and on the values in them as SQL predicates, in the order of the columns. */
export function columnChecks(columns: readonly ParsedColumn[]): ValueCheck[] {
  return columns.flatMap((column) =>
    column.constraints.map((placed) => ({
      at: [column.name, ...placed.steps] as const,
      keyword: placed.constraint.keyword,
      sql: predicateOf(placed),
    })),
  );
}

/** SQL that is false where `$value` breaks a constraint; true or null where it does not. */
function predicateOf(placed: PlacedConstraint): string {
  const { of, constraint } = placed;
  return of === "json" ? jsonPredicate(constraint) : typedPredicate(constraint, of);
}

function typedPredicate(constraint: Constraint, of: PlacedConstraint["of"]): string {
  switch (constraint.keyword) {
    case "required":
    case "type":
      return "$value IS NOT NULL";
    case "minimum":
      return `$value >= ${checkNumber(constraint.value)}${noNan(of)}`;
    case "exclusiveMinimum":
      return `$value > ${checkNumber(constraint.value)}${noNan(of)}`;
    case "maximum":
      return `$value <= ${checkNumber(constraint.value)}`;
    case "exclusiveMaximum":
      return `$value < ${checkNumber(constraint.value)}`;
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
      if (constraint.areJson) return jsonPredicate(constraint, "$value");
      return constraint.nullable
        ? "len(list_distinct($value)) = list_count($value) AND len($value) - list_count($value) <= 1"
        : "len(list_distinct($value)) = len($value)";
    case "format":
    case "additionalProperties":
    case "anyOf":
    case "oneOf":
      throw new Error(`${constraint.keyword} is a constraint on JSON alone`);
  }
}

/** For DuckDB, NaN is greater than all numbers. */
function noNan(of: PlacedConstraint["of"]): string {
  return of === "number" ? " AND NOT isnan($value)" : "";
}

function literal(value: unknown): string {
  if (typeof value === "string") return quoteInCheck(value);
  return typeof value === "number" ? checkNumber(value) : String(value).toUpperCase();
}
