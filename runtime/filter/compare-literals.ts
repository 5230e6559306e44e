import type { Binding } from "./binding.ts";
import type { BoundFilter } from "./bound-filter.ts";
import { compareDecimals, readDecimal } from "./decimal.ts";
import type { ComparisonOperator, FilterSpan } from "./filter-expression.ts";
import { describeLiteral, type ValueLiteral } from "./read-literal.ts";

/** Compares two literals, exactly; or notes that they are of different kinds. */
export function compareLiterals(
  operator: ComparisonOperator,
  left: ValueLiteral,
  right: ValueLiteral,
  at: FilterSpan,
  binding: Binding,
): BoundFilter | undefined {
  const order = orderOf(left, right);
  if (order !== undefined) return { kind: "constant", value: holds[operator](order) };
  return binding.report({
    code: "filter-type",
    message: `${describeLiteral(left)} and ${describeLiteral(right)} can't be compared.`.replace(/^t/, "T"),
    at,
    hint: "Compare literals of one kind: quote a string with single quotes; numbers, TRUE and FALSE have none.",
  });
}

const holds: { readonly [operator in ComparisonOperator]: (order: number) => boolean } = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
};

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. */
function orderOf(left: ValueLiteral, right: ValueLiteral): number | undefined {
  if (left.kind === "number" && right.kind === "number")
    return compareDecimals(readDecimal(left.text), readDecimal(right.text));
  if (left.kind === "boolean" && right.kind === "boolean") return Number(left.value) - Number(right.value);
  if (left.kind === "text" && right.kind === "text") return compareTexts(left.value, right.value);
  return undefined;
}

/** By code point, as the database compares; JavaScript's own order goes by UTF-16 units. */
function compareTexts(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
