import type { BoundFilter, BoundLiteral, TypedLiteral } from "../filter/bound-filter.ts";

/** How columns and literals are printed in SQL. */
export interface FilterPrinter {
  /** A column, or with further names a member of a struct column; quoted. */
  column(path: readonly [column: string, ...members: string[]]): string;
  /** A literal: `literal` of a `ValueDialect`, or a parameter that is cast to the literal's type. */
  literal(literal: TypedLiteral): string;
}

/**
 * Prints a filter as an SQL condition. It gives the same whatever the session's time zone, and has no parentheses around
 * it: add some next to AND, or after NOT.
 *
 * @example
 * ```ts
 * printFilter(filter, { column: ([name]) => quoteIdentifier(name), literal: ({ type, text }) => dialect.literal(type, text) }); // "size" > 10
 * ```
 */
export function printFilter(filter: BoundFilter, printer: FilterPrinter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands
        .map((operand) => enclosed(operand, filter.kind, printer))
        .join(filter.kind === "and" ? " AND " : " OR ");
    case "not":
      return `NOT ${enclosed(filter.operand, "not", printer)}`;
    case "comparison": {
      const right =
        filter.right.kind === "column" ? printer.column(filter.right.path) : printer.literal(filter.right);
      return `${printer.column(filter.left.path)} ${filter.operator} ${right}`;
    }
    case "in": {
      const values = filter.values.map((value) => printListed(value, printer)).join(", ");
      return `${printer.column(filter.column.path)} ${filter.negated ? "NOT IN" : "IN"} (${values})`;
    }
    case "is-null":
      return `${printer.column(filter.column.path)} ${filter.negated ? "IS NOT NULL" : "IS NULL"}`;
    case "truth":
      return printer.column(filter.column.path);
    case "constant":
      return filter.value === null ? "CAST(NULL AS BOOLEAN)" : printTruth(filter.value);
  }
}

/** How tightly each kind holds together; what is not listed needs no parentheses anywhere. */
const precedence: { readonly [kind in BoundFilter["kind"]]?: number } = { or: 1, and: 2, not: 3 };

function enclosed(operand: BoundFilter, within: "and" | "or" | "not", printer: FilterPrinter): string {
  const sql = printFilter(operand, printer);
  const outerPrecedence = precedence[within] ?? 0;
  return (precedence[operand.kind] ?? outerPrecedence) < outerPrecedence ? `(${sql})` : sql;
}

function printListed(value: BoundLiteral, printer: FilterPrinter): string {
  return value.kind === "null" ? "NULL" : printer.literal(value);
}

function printTruth(value: boolean): string {
  return value ? "TRUE" : "FALSE";
}
