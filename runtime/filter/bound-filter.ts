import type { ScalarName } from "../column-type.ts";
import type { ComparisonOperator } from "./filter-expression.ts";

/** A filter whose columns are known and whose types fit: ready to be printed as SQL. */
export type BoundFilter =
  | { readonly kind: "and" | "or"; readonly operands: readonly BoundFilter[] }
  | { readonly kind: "not"; readonly operand: BoundFilter }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: BoundTerm;
      readonly right: BoundTerm;
    }
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly column: BoundColumn;
      readonly values: readonly BoundLiteral[];
    }
  | { readonly kind: "is-null"; readonly negated: boolean; readonly term: BoundTerm }
  | { readonly kind: "truth"; readonly term: BoundTerm };

/** Either side of a bound comparison. */
export type BoundTerm = BoundColumn | BoundLiteral;

/** A column, or a member of a struct column: `path` is the column, then the members. */
export interface BoundColumn {
  readonly kind: "column";
  readonly path: readonly [column: string, ...members: string[]];
}

/** A literal with the type as which the database has to read its text; a text beside a DATE column is a DATE. */
export type BoundLiteral =
  | { readonly kind: "literal"; readonly type: ScalarName; readonly text: string }
  | { readonly kind: "null" };
