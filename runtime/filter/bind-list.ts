import { bindIntegerComparison } from "./bind-integer-comparison.ts";
import type { Binding } from "./binding.ts";
import type { BoundColumn, BoundFilter, BoundLiteral } from "./bound-filter.ts";
import type { FilterExpression } from "./filter-expression.ts";
import { literalTypeFor } from "./literal-type-for.ts";
import { locateBigint } from "./locate-bigint.ts";
import { readLiteral } from "./read-literal.ts";

type ListTest = Extract<FilterExpression, { kind: "in" }>;

/** Binds IN and NOT IN, or notes what is wrong with the column or with each value. */
export function bindList(test: ListTest, binding: Binding): BoundFilter | undefined {
  const column = binding.column(test.column);
  const type = column && literalTypeFor(column, binding);
  if (column === undefined || type === undefined) return undefined;
  const readings = test.values.map((value) => {
    const reading = value.kind === "null" ? ({ kind: "null" } as const) : readLiteral(value, type);
    return reading.kind === "mismatch" ? binding.reportMismatch(column, reading, value.at) : reading;
  });
  const values = readings.filter((reading) => reading !== undefined);
  if (values.length < readings.length) return undefined;
  return type === "BIGINT"
    ? listOfIntegers(test.negated, column.bound, values)
    : { kind: "in", negated: test.negated, column: column.bound, values };
}

/** Leaves out numbers that no integer equals; where none is left, one comparison has the same result as the list. */
function listOfIntegers(
  negated: boolean,
  column: BoundColumn,
  numbers: readonly BoundLiteral[],
): BoundFilter {
  const values = numbers.flatMap((number): BoundLiteral[] => {
    if (number.kind === "null") return [number];
    const location = locateBigint(number.text);
    return location.kind === "at" ? [{ ...number, text: String(location.value) }] : [];
  });
  const [first] = numbers;
  if (values.length === 0 && first?.kind === "literal")
    return bindIntegerComparison(negated ? "!=" : "=", column, first.text);
  return { kind: "in", negated, column, values };
}
