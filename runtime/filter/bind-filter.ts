import type { ColumnType } from "../columns/column-type.ts";
import { bindComparison } from "./bind-comparison.ts";
import { bindList } from "./bind-list.ts";
import { Binding } from "./binding.ts";
import type { BoundFilter } from "./bound-filter.ts";
import type { FilterExpression, FilterTerm } from "./filter-expression.ts";
import type { FilterResult, Wording } from "./filter-problem.ts";

type TruthTerm = Extract<FilterExpression, { kind: "truth" }>["term"];

/**
 * Checks a filter against the columns that it may name, and settles as what each literal is read. Gives all problems.
 *
 * @param columns type of each column, under the name that the filter uses
 */
export function bindFilter(
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
