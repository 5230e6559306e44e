import { quoteName, quoteText } from "../../runtime/sql-text.ts";
import type { Constraint, ParsedColumn } from "../parse/parsed-spec.ts";

type ColumnChecks = { readonly [column: string]: { readonly [keyword: string]: string } };

/** The constraints of scalar columns as SQL predicates: a row is refused where one is false, null passes. */
export function columnChecks(columns: readonly ParsedColumn[]): ColumnChecks {
  const constrained = columns.filter((column) => column.constraints.length > 0);
  return Object.fromEntries(
    constrained.map((column) => [
      column.name,
      Object.fromEntries(
        column.constraints.map((constraint) => [
          constraint.keyword,
          predicate(quoteName(column.name), constraint),
        ]),
      ),
    ]),
  );
}

function predicate(column: string, constraint: Constraint): string {
  switch (constraint.keyword) {
    case "minimum":
      return `${column} >= ${constraint.value}`;
    case "maximum":
      return `${column} <= ${constraint.value}`;
    case "exclusiveMinimum":
      return `${column} > ${constraint.value}`;
    case "exclusiveMaximum":
      return `${column} < ${constraint.value}`;
    case "multipleOf":
      return multipleOf(column, constraint.value);
    case "minLength":
      return `length(${column}) >= ${constraint.value}`;
    case "maxLength":
      return `length(${column}) <= ${constraint.value}`;
    case "pattern":
      return `regexp_matches(${column}, ${quoteText(constraint.value)})`;
    case "enum":
      return `${column} IN (${constraint.value
        .filter((value) => value !== null)
        .map(literal)
        .join(", ")})`;
  }
}

/** Exact for integers; for fractions a quotient within 1e-9 of a whole number counts, as 0.3 does of 0.1. */
function multipleOf(column: string, value: number): string {
  if (Number.isInteger(value)) return `${column} % ${value} = 0`;
  return `abs(${column} / ${value} - round(${column} / ${value})) <= 1e-9`;
}

function literal(value: string | number | boolean): string {
  return typeof value === "string" ? quoteText(value) : String(value).toUpperCase();
}
