import type { LiteralType } from "../columns/scalar-types.ts";
import type { ComparisonOperator } from "./filter-expression.ts";

/** A filter whose columns are known and whose types fit: ready to be printed as SQL. */
export type BoundFilter =
  | { readonly kind: "and" | "or"; readonly operands: readonly BoundFilter[] }
  | { readonly kind: "not"; readonly operand: BoundFilter }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: BoundColumn;
      readonly right: BoundColumn | TypedLiteral;
    }
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly column: BoundColumn;
      readonly values: readonly BoundLiteral[];
    }
  | { readonly kind: "is-null"; readonly negated: boolean; readonly column: BoundColumn }
  /** A boolean column as a whole condition. */
  | { readonly kind: "truth"; readonly column: BoundColumn }
  /** What no row can change: TRUE, FALSE, literals compared with each other. Null is SQL's third value. */
  | { readonly kind: "constant"; readonly value: boolean | null };

/** A column, or a member of a struct column: `path` is the column, then the members. */
export interface BoundColumn {
  readonly kind: "column";
  readonly path: readonly [column: string, ...members: string[]];
}

/** A member of an IN list. */
export type BoundLiteral = TypedLiteral | { readonly kind: "null" };

/**
 * A literal with the type in which the database reads its text: the type of the column that it is compared with, so that
 * the string `2026-01-31` is a DATE for a DATE column.
 *
 * The string is canonical: digits of a BIGINT, the shortest that gives a DOUBLE, `true` or `false`, a TIMESTAMPTZ in UTC
 * as `2026-01-31T12:00:00Z`, a UUID in lower case. No session setting changes how it is read.
 */
export interface TypedLiteral {
  readonly kind: "literal";
  readonly type: LiteralType;
  readonly text: string;
}

/** The columns that a filter reads, each as often as it is named. */
export function boundColumns(filter: BoundFilter): readonly BoundColumn[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(boundColumns);
    case "not":
      return boundColumns(filter.operand);
    case "comparison":
      return filter.right.kind === "column" ? [filter.left, filter.right] : [filter.left];
    case "in":
    case "is-null":
    case "truth":
      return [filter.column];
    case "constant":
      return [];
  }
}
