import { type ColumnType, printType } from "../columns/column-type.ts";
import { scalarTypes } from "../columns/scalar-types.ts";
import { bindIntegerComparison } from "./bind-integer-comparison.ts";
import type { Binding, TypedColumn } from "./binding.ts";
import type { BoundFilter } from "./bound-filter.ts";
import { compareDecimals, readDecimal } from "./decimal.ts";
import type {
  ComparisonOperator,
  FilterExpression,
  FilterLiteral,
  FilterSpan,
  FilterTerm,
} from "./filter-expression.ts";
import { excerpt, quoteColumn } from "./filter-problem.ts";
import { literalTypeFor } from "./literal-type-for.ts";
import { describeLiteral, readLiteral, type ValueLiteral } from "./read-literal.ts";

/** Compares two literals, exactly; or notes that they are of different kinds. */
function compareLiterals(
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

type Comparison = Extract<FilterExpression, { kind: "comparison" }>;

/** `5 < size` means `size > 5`. */
const mirrored: { readonly [operator in ComparisonOperator]: ComparisonOperator } = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
};

/** Binds a comparison with its column on the left, or reports why it can't. */
export function bindComparison(comparison: Comparison, binding: Binding): BoundFilter | undefined {
  const { operator, at } = comparison;
  const left = bindTerm(comparison.left, binding);
  const right = bindTerm(comparison.right, binding);
  if (left === undefined || right === undefined) return undefined;
  if (left.kind === "null") return compareWithNull(operator, right);
  if (right.kind === "null") return compareWithNull(operator, left);
  if (left.kind !== "column")
    return right.kind === "column"
      ? compareWithLiteral(mirrored[operator], right, left, binding)
      : compareLiterals(operator, left, right, at, binding);
  return right.kind === "column"
    ? compareColumns(operator, left, right, at, binding)
    : compareWithLiteral(operator, left, right, binding);
}

function bindTerm(term: FilterTerm, binding: Binding): TypedColumn | FilterLiteral | undefined {
  return term.kind === "column" ? binding.column(term) : term;
}

/** `= NULL` and `!= NULL` test for null, as users mean it; any other operator gives SQL's null. */
function compareWithNull(operator: ComparisonOperator, other: TypedColumn | FilterLiteral): BoundFilter {
  if (operator !== "=" && operator !== "!=") return { kind: "constant", value: null };
  const negated = operator === "!=";
  return other.kind === "column"
    ? { kind: "is-null", negated, column: other.bound }
    : { kind: "constant", value: (other.kind === "null") !== negated };
}

function compareWithLiteral(
  operator: ComparisonOperator,
  column: TypedColumn,
  literal: ValueLiteral,
  binding: Binding,
): BoundFilter | undefined {
  const type = literalTypeFor(column, binding);
  if (type === undefined) return undefined;
  const right = readLiteral(literal, type);
  if (right.kind === "mismatch") return binding.reportMismatch(column, right, literal.at);
  return type === "BIGINT"
    ? bindIntegerComparison(operator, column.bound, right.text)
    : { kind: "comparison", operator, left: column.bound, right };
}

function compareColumns(
  operator: ComparisonOperator,
  left: TypedColumn,
  right: TypedColumn,
  at: FilterSpan,
  binding: Binding,
): BoundFilter | undefined {
  const types = [left, right].map((column) => literalTypeFor(column, binding));
  if (types.includes(undefined)) return undefined;
  if (family(left.type) === family(right.type))
    return { kind: "comparison", operator, left: left.bound, right: right.bound };
  const other = `${quoteColumn(excerpt(right.name))}, which is ${printType(right.type)}`;
  const wording = {
    message: `it can't be compared with the column ${other}`,
    hint: "Compare columns of one type; a number compares with any number.",
  };
  return binding.reportMismatch(left, wording, at);
}

/** Types whose values compare with each other. A DATE is none with a TIMESTAMPTZ: it is a day in no time zone. */
function family(type: ColumnType): string {
  return type.kind === "scalar" ? scalarTypes[type.name].comparable : printType(type);
}
