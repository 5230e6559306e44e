/** A filter as parsed. */
export type FilterTree =
  | { readonly kind: "or" | "and"; readonly terms: readonly FilterTree[] }
  | { readonly kind: "not"; readonly term: FilterTree }
  | { readonly kind: "compare"; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "isNull"; readonly operand: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly list: readonly Literal[] }
  | { readonly kind: "truth"; readonly operand: Operand };

export type Operand = Column | Literal;

/** A name as written, without its quotes: a column, or with a dot a member of one. */
export interface Column {
  readonly kind: "column";
  readonly name: string;
}

export interface Literal {
  readonly kind: "literal";
  readonly value: string | number | boolean | null;
}
