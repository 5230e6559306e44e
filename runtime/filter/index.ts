import type { ColumnType } from "../columns/column-type.ts";
import { bindComparison } from "./bind-comparison.ts";
import { bindIntegerComparison } from "./bind-integer-comparison.ts";
import { Binding } from "./binding.ts";
import type { BoundColumn, BoundFilter, BoundLiteral } from "./bound-filter.ts";
import type { FilterExpression, FilterTerm } from "./filter-expression.ts";
import type { FilterResult, Wording } from "./filter-problem.ts";
import { literalTypeFor } from "./literal-type-for.ts";
import { locateBigint } from "./locate-bigint.ts";
import { parseFilter } from "./parse-filter.ts";
import { readLiteral } from "./read-literal.ts";

export { type BoundFilter, boundColumns, type TypedLiteral } from "./bound-filter.ts";
export type { FilterSpan } from "./filter-expression.ts";
export type { FilterProblem, FilterProblemCode, FilterResult } from "./filter-problem.ts";

/**
 * Reads a filter and checks it against the columns that it may name.
 *
 * @param columns type of each column, under the name that the filter uses
 * @example
 * ```ts
 * const filter = compileFilter("size > 10", new Map([["size", { kind: "scalar", name: "BIGINT" }]]));
 * if (filter.ok) printFilter(filter.value, printer);
 * else for (const { message, at, hint } of filter.problems) report(message, at, hint);
 * ```
 */
export function compileFilter(
  text: string,
  columns: ReadonlyMap<string, ColumnType>,
): FilterResult<BoundFilter> {
  const parsed = parseFilter(text);
  return parsed.ok ? bindFilter(parsed.value, columns) : parsed;
}

type TruthTerm = Extract<FilterExpression, { kind: "truth" }>["term"];

/**
 * Checks a filter against the columns that it may name, and settles as what each literal is read. Gives all problems.
 *
 * @param columns type of each column, under the name that the filter uses
 */
function bindFilter(
  expression: FilterExpression,
  columns: ReadonlyMap<string, ColumnType>,
): FilterResult<BoundFilter> {
  const binding = new Binding(columns);
  const value = bind(expression, binding);
  return value === undefined ? { ok: false, problems: binding.problems } : { ok: true, value };
}

function bind(expression: FilterExpression, binding: Binding): BoundFilter | undefined {
  switch (expression.kind) {
    case "and":
    case "or": {
      const operands = expression.operands.map((operand) => bind(operand, binding));
      const bound = operands.filter((operand) => operand !== undefined);
      return bound.length < operands.length ? undefined : { kind: expression.kind, operands: bound };
    }
    case "not": {
      const operand = bind(expression.operand, binding);
      return operand && { kind: "not", operand };
    }
    case "comparison":
      return bindComparison(expression, binding);
    case "in":
      return bindList(expression, binding);
    case "is-null":
      return bindNullTest(expression.term, expression.negated, binding);
    case "truth":
      return bindTruth(expression.term, binding);
  }
}

function bindNullTest(term: FilterTerm, negated: boolean, binding: Binding): BoundFilter | undefined {
  if (term.kind !== "column") return { kind: "constant", value: (term.kind === "null") !== negated };
  const column = binding.column(term);
  return column && { kind: "is-null", negated, column: column.bound };
}

function bindTruth(term: TruthTerm, binding: Binding): BoundFilter | undefined {
  if (term.kind === "boolean") return { kind: "constant", value: term.value };
  const column = binding.column(term);
  if (column === undefined) return undefined;
  if (column.type.kind === "scalar" && column.type.name === "BOOLEAN")
    return { kind: "truth", column: column.bound };
  return binding.reportMismatch(column, noCondition, column.at);
}

const noCondition: Required<Wording> = {
  message: "it is not a condition on its own",
  hint: "Compare it with a value, or test it with IS NOT NULL.",
};

type ListTest = Extract<FilterExpression, { kind: "in" }>;

/** Binds IN and NOT IN, or notes what is wrong with the column or with each value. */
function bindList(test: ListTest, binding: Binding): BoundFilter | undefined {
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
