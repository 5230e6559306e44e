import type { ComparisonOperator, FilterLiteral, FilterTerm } from "./filter-expression.ts";
import {
  type FilterKeyword,
  type FilterToken,
  isKeyword,
  isOperand,
  isSymbol,
  type OperandToken,
  operatorOf,
} from "./filter-token.ts";

/** A place among the tokens of a filter. What a `take` method finds, it takes; else it leaves the place as it is. */
export class TokenCursor {
  readonly #tokens: readonly FilterToken[];
  #position = 0;

  /** `tokens` end with `end` or `invalid`, neither of which is ever taken. */
  constructor(tokens: readonly FilterToken[]) {
    this.#tokens = tokens;
  }

  get next(): FilterToken {
    return this.#at(0);
  }

  get following(): FilterToken {
    return this.#at(1);
  }

  /** The last token taken; `end` before the first. */
  get previous(): FilterToken {
    return this.#at(-1);
  }

  takeKeyword(word: FilterKeyword): boolean {
    return this.#takeIf(isKeyword(this.next, word));
  }

  takeSymbol(symbol: string): boolean {
    return this.#takeIf(isSymbol(this.next, symbol));
  }

  takeOperator(): ComparisonOperator | undefined {
    const operator = operatorOf(this.next);
    this.#takeIf(operator !== undefined);
    return operator;
  }

  /** Takes a column or a literal, also one in parentheses. */
  takeTerm(): FilterTerm | undefined {
    let opened = 0;
    while (isSymbol(this.#at(opened), "(")) opened += 1;
    const token = this.#at(opened);
    if (!isOperand(token)) return undefined;
    for (let closed = 1; closed <= opened; closed += 1)
      if (!isSymbol(this.#at(opened + closed), ")")) return undefined;
    this.#position += 2 * opened + 1;
    return termOf(token);
  }

  /** Takes a literal, also one in parentheses. */
  takeLiteral(): FilterLiteral | undefined {
    const start = this.#position;
    const term = this.takeTerm();
    if (term === undefined || term.kind !== "column") return term;
    this.#position = start;
    return undefined;
  }

  #at(offset: number): FilterToken {
    return this.#tokens[this.#position + offset] ?? nothing;
  }

  #takeIf(found: boolean): boolean {
    if (found) this.#position += 1;
    return found;
  }
}

const nothing: FilterToken = { kind: "end", at: { start: 0, end: 0 } };

function termOf(token: OperandToken): FilterTerm {
  const { at } = token;
  switch (token.kind) {
    case "name":
      return { kind: "column", name: token.name, quoted: token.quoted, at };
    case "number":
      return { kind: "number", text: token.text, at };
    case "text":
      return { kind: "text", value: token.value, at };
    case "keyword":
      return token.word === "NULL"
        ? { kind: "null", at }
        : { kind: "boolean", value: token.word === "TRUE", at };
  }
}
