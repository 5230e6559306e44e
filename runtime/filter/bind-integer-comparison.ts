import type { BoundColumn, BoundFilter } from "./bound-filter.ts";
import type { ComparisonOperator } from "./filter-expression.ts";
import { type BigintLocation, greatestBigint, locateBigint } from "./locate-bigint.ts";

/**
 * Compares an integer column with a number of any size and fraction. Integers alone take part, since a DOUBLE would
 * round the column: `size > 9.5` becomes `size > 9`, and `size = 9.5` what holds for no integer.
 */
export function bindIntegerComparison(
  operator: ComparisonOperator,
  column: BoundColumn,
  number: string,
): BoundFilter {
  const location = locateBigint(number);
  const { operator: exact, value } =
    location.kind === "at" ? { operator, value: location.value } : compareOutOfRange(operator, location);
  return {
    kind: "comparison",
    operator: exact,
    left: column,
    right: { kind: "literal", type: "BIGINT", text: String(value) },
  };
}

interface IntegerComparison {
  readonly operator: ComparisonOperator;
  readonly value: bigint;
}

/** What holds for no integer, yet is null for null as any comparison is. */
const noInteger: IntegerComparison = { operator: ">", value: greatestBigint };

/** What holds for every integer, and is null for null. */
const everyInteger: IntegerComparison = { operator: "<=", value: greatestBigint };

/** A comparison with a number that is not a BIGINT. */
function compareOutOfRange(
  operator: ComparisonOperator,
  location: Exclude<BigintLocation, { kind: "at" }>,
): IntegerComparison {
  if (operator === "=") return noInteger;
  if (operator === "!=") return everyInteger;
  const upwards = operator === ">" || operator === ">=";
  if (location.kind === "between") return { operator: upwards ? ">" : "<=", value: location.floor };
  return (location.kind === "less") === upwards ? everyInteger : noInteger;
}
