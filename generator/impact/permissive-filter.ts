import type { BoundColumn, BoundFilter } from "../../runtime/filter/bound-filter.ts";
import { neverComputedColumn } from "./simulated-feature.ts";

/**
 * A filter that accepts every row whose outcome is unknown: a row of a sample that was never computed
 * (`neverComputedColumn`), unless one of its known values excludes it. It treats other rows as the given filter does.
 */
export function permissiveFilter(filter: BoundFilter): BoundFilter {
  const isNeverComputed: BoundFilter = {
    kind: "truth",
    column: { kind: "column", path: [neverComputedColumn] },
  };
  return or(filter, and(isNeverComputed, possible(filter)));
}

/** Top-level columns that a filter reads. */
export function filterColumns(filter: BoundFilter): string[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(filterColumns);
    case "not":
      return filterColumns(filter.operand);
    default:
      return columnsOf(filter).map(({ path: [column] }) => column);
  }
}

/** A filter that holds if some values for the columns that are null satisfy the given one. */
function possible(filter: BoundFilter): BoundFilter {
  switch (filter.kind) {
    case "and":
    case "or":
      return { ...filter, operands: filter.operands.map(possible) };
    case "not":
      return { kind: "not", operand: certain(filter.operand) };
    default:
      return or(filter, ...columnsOf(filter).map((column) => isNull(column, false)));
  }
}

/** A filter that holds if all values for the columns that are null satisfy the given one. */
function certain(filter: BoundFilter): BoundFilter {
  switch (filter.kind) {
    case "and":
    case "or":
      return { ...filter, operands: filter.operands.map(certain) };
    case "not":
      return { kind: "not", operand: possible(filter.operand) };
    default:
      return and(filter, ...columnsOf(filter).map((column) => isNull(column, true)));
  }
}

type Test = Exclude<BoundFilter, { readonly kind: "and" | "or" | "not" }>;

function columnsOf(test: Test): BoundColumn[] {
  if (test.kind === "constant") return [];
  if (test.kind !== "comparison") return [test.column];
  return test.right.kind === "column" ? [test.left, test.right] : [test.left];
}

function isNull(column: BoundColumn, negated: boolean): BoundFilter {
  return { kind: "is-null", negated, column };
}

function or(...operands: BoundFilter[]): BoundFilter {
  return { kind: "or", operands };
}

function and(...operands: BoundFilter[]): BoundFilter {
  return { kind: "and", operands };
}
