/** A parsed filter: plain data, with the place of each part in the filter's text. */
export type FilterExpression =
  | { readonly kind: "and" | "or"; readonly operands: readonly FilterExpression[] }
  | { readonly kind: "not"; readonly operand: FilterExpression }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: FilterTerm;
      readonly right: FilterTerm;
      readonly at: FilterSpan;
    }
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly column: FilterColumn;
      readonly values: readonly FilterLiteral[];
    }
  | { readonly kind: "is-null"; readonly negated: boolean; readonly term: FilterTerm }
  /** A boolean column, TRUE or FALSE as a whole condition. */
  | { readonly kind: "truth"; readonly term: FilterColumn | Extract<FilterLiteral, { kind: "boolean" }> };

/** `!=` and `<>` are one operator. */
export type ComparisonOperator = "=" | "!=" | "<" | ">" | "<=" | ">=";

/** Either side of a comparison. */
export type FilterTerm = FilterColumn | FilterLiteral;

/** A column. A dotted name is the column of that name, else a member of a struct; the check decides. */
export interface FilterColumn {
  readonly kind: "column";
  readonly name: string;
  /** Whether it is in double quotes, which other languages use for strings. */
  readonly quoted: boolean;
  readonly at: FilterSpan;
}

/** A literal. Numbers keep their text, so that the database gets every digit. */
export type FilterLiteral =
  | { readonly kind: "text"; readonly value: string; readonly at: FilterSpan }
  | { readonly kind: "number"; readonly text: string; readonly at: FilterSpan }
  | { readonly kind: "boolean"; readonly value: boolean; readonly at: FilterSpan }
  | { readonly kind: "null"; readonly at: FilterSpan };

/** A part of the filter's text, in UTF-16 units. */
export interface FilterSpan {
  readonly start: number;
  readonly end: number;
}
