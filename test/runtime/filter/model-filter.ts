/** A filter as the tests know it: what it means, with the string of its columns and literals. */
export type ModelFilter =
  | { readonly kind: "and" | "or"; readonly operands: readonly ModelFilter[] }
  | { readonly kind: "not"; readonly operand: ModelFilter }
  | {
      readonly kind: "comparison";
      readonly operator: string;
      readonly left: ModelTerm;
      readonly right: ModelTerm;
    }
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly column: ModelTerm;
      readonly values: readonly ModelTerm[];
    }
  | { readonly kind: "is-null"; readonly negated: boolean; readonly term: ModelTerm }
  | { readonly kind: "truth"; readonly term: ModelTerm };

/** A column or a literal. */
export interface ModelTerm {
  /** As the filter has it. */
  readonly text: string;
  readonly isNull: boolean;
  valueIn(row: ModelRow): Value;
}

/** A value as it is compared. An instant is a number of microseconds, a number of a filter its decimal digits. */
export type Value = string | bigint | number | boolean | Decimal | null;

export interface Decimal {
  readonly decimal: string;
}

/** A row of the tests. */
export interface ModelRow {
  readonly txt: string | null;
  readonly other: string | null;
  readonly num: bigint | null;
  readonly dbl: number | null;
  readonly ok: boolean | null;
  readonly day: string | null;
  /** Microseconds since 1970. */
  readonly at: bigint | null;
  readonly uid: string | null;
  readonly meta: { readonly size: bigint | null; readonly in: { readonly ok: boolean | null } | null } | null;
}

/** How a filter is written where the language leaves a choice. */
export interface WritingStyle {
  keyword(word: string): string;
  /** Whether every condition and term stands in parentheses, needed or not. */
  readonly enclosed: boolean;
  readonly space: string;
}

/** Writes a filter as text. */
export function writeFilter(filter: ModelFilter, style: WritingStyle): string {
  const { keyword, space } = style;
  const term = ({ text }: ModelTerm) => (style.enclosed ? `((${text}))` : text);
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands
        .map((operand) => writeOperand(operand, filter.kind, style))
        .join(`${space}${keyword(filter.kind)}${space}`);
    case "not":
      return `${keyword("not")}${space}${writeOperand(filter.operand, "not", style)}`;
    case "comparison":
      return `${term(filter.left)}${space}${filter.operator}${space}${term(filter.right)}`;
    case "in": {
      const operator = (filter.negated ? ["not", "in"] : ["in"]).map(keyword).join(space);
      return `${term(filter.column)}${space}${operator}${space}(${filter.values.map(term).join(`,${space}`)})`;
    }
    case "is-null": {
      const test = (filter.negated ? ["is", "not", "null"] : ["is", "null"]).map(keyword).join(space);
      return `${term(filter.term)}${space}${test}`;
    }
    case "truth":
      return term(filter.term);
  }
}

function writeOperand(operand: ModelFilter, within: "and" | "or" | "not", style: WritingStyle): string {
  const text = writeFilter(operand, style);
  const needed = operand.kind === "or" ? within !== "or" : operand.kind === "and" && within === "not";
  return needed || style.enclosed ? `(${text})` : text;
}
