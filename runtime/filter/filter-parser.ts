import { explainLiteralAlone, explainMisplaced } from "./explain-misplaced-token.ts";
import { explainGroupAsOperand, explainMissingOperand } from "./explain-missing-operand.ts";
import {
  explainAfterIn,
  explainAfterIs,
  explainAfterNot,
  explainInList,
  explainInListEnd,
} from "./explain-test.ts";
import type {
  FilterColumn,
  FilterExpression,
  FilterLiteral,
  FilterSpan,
  FilterTerm,
} from "./filter-expression.ts";
import type { FilterProblem, FilterResult, Wording } from "./filter-problem.ts";
import {
  type FilterKeyword,
  type FilterToken,
  isKeyword,
  isOperand,
  isSymbol,
  type OperandToken,
  operatorOf,
} from "./filter-token.ts";

/** How deep parentheses and NOTs may nest. Chains of AND and OR are flat, and as long as one likes. */
const maxDepth = 100;

/**
 * Parses the tokens of a filter by recursive descent. A method gives `undefined` where it has noted a problem, and
 * whoever called it passes that on.
 */
export class FilterParser {
  readonly #tokens: readonly FilterToken[];
  #position = 0;
  #depth = 0;
  #problem: FilterProblem | undefined;

  /** `tokens` end with `end` or `invalid`, neither of which is ever taken. */
  constructor(tokens: readonly FilterToken[]) {
    this.#tokens = tokens;
  }

  parseWhole(): FilterResult<FilterExpression> {
    const expression = this.#chain("or");
    if (expression !== undefined && this.#next.kind !== "end") this.#failMisplaced();
    return expression === undefined || this.#problem !== undefined
      ? { ok: false, problems: this.#problem === undefined ? [] : [this.#problem] }
      : { ok: true, value: expression };
  }

  #chain(kind: "and" | "or"): FilterExpression | undefined {
    const operands: FilterExpression[] = [];
    do {
      const operand = kind === "or" ? this.#chain("and") : this.#negation();
      if (operand === undefined) return undefined;
      operands.push(operand);
    } while (this.#takeKeyword(kind === "or" ? "OR" : "AND"));
    return operands.length === 1 ? operands[0] : { kind, operands };
  }

  #negation(): FilterExpression | undefined {
    const { at } = this.#next;
    if (!this.#takeKeyword("NOT")) return this.#condition();
    const operand = this.#nested(at, () => this.#negation());
    return operand && { kind: "not", operand };
  }

  #condition(): FilterExpression | undefined {
    const term = this.#takeTerm();
    if (term !== undefined) return this.#conditionOn(term);
    const { at } = this.#next;
    if (!this.#takeSymbol("(")) return this.#failMissing();
    return this.#nested(at, () => this.#group(at));
  }

  #group(opening: FilterSpan): FilterExpression | undefined {
    const expression = this.#chain("or");
    if (expression === undefined || this.#takeSymbol(")")) return expression;
    return this.#next.kind === "end" ? this.#fail(opening, unclosedGroup) : this.#failMisplaced();
  }

  #conditionOn(left: FilterTerm): FilterExpression | undefined {
    const operator = operatorOf(this.#next);
    if (operator !== undefined) {
      this.#position += 1;
      const right = this.#rightSide();
      return right && { kind: "comparison", operator, left, right, at: spanning(left, right.at) };
    }
    if (this.#takeKeyword("IS")) return this.#nullTest(left);
    if (left.kind === "boolean") return { kind: "truth", term: left };
    return left.kind === "column" ? this.#conditionOnColumn(left) : this.#literalAlone(left);
  }

  #conditionOnColumn(column: FilterColumn): FilterExpression | undefined {
    if (this.#takeKeyword("IN")) return this.#list(column, false);
    if (!this.#takeKeyword("NOT")) return { kind: "truth", term: column };
    if (this.#takeKeyword("IN")) return this.#list(column, true);
    return this.#failNext(explainAfterNot(this.#next));
  }

  #rightSide(): FilterTerm | undefined {
    const term = this.#takeTerm();
    if (term !== undefined) return term;
    return isSymbol(this.#next, "(") ? this.#failGroup() : this.#failMissing();
  }

  #nullTest(term: FilterTerm): FilterExpression | undefined {
    const negated = this.#takeKeyword("NOT");
    if (this.#takeKeyword("NULL")) return { kind: "is-null", negated, term };
    return this.#failNext(explainAfterIs(this.#next));
  }

  #list(column: FilterColumn, negated: boolean): FilterExpression | undefined {
    if (!this.#takeSymbol("(")) return this.#failNext(explainAfterIn());
    const values: FilterLiteral[] = [];
    do {
      const value = this.#listItem();
      if (value === undefined) return undefined;
      values.push(value);
    } while (this.#takeSymbol(","));
    const { at } = this.#next;
    if (!this.#takeSymbol(")")) return this.#failNext(explainInListEnd(this.#next));
    return { kind: "in", negated, column, values, at: spanning(column, at) };
  }

  #listItem(): FilterLiteral | undefined {
    const start = this.#position;
    const term = this.#takeTerm();
    if (term !== undefined && term.kind !== "column") return term;
    this.#position = start;
    if (isSymbol(this.#next, "(")) return this.#failGroup();
    return this.#failNext(explainInList(this.#previous, this.#next, this.#following));
  }

  #literalAlone(literal: FilterLiteral): undefined {
    const ends = this.#next.kind === "end" || isSymbol(this.#next, ")") || isKeyword(this.#next, "AND", "OR");
    return ends ? this.#fail(literal.at, explainLiteralAlone(literal)) : this.#failMisplaced();
  }

  /** Takes a column or a literal, also one in parentheses. */
  #takeTerm(): FilterTerm | undefined {
    let opened = 0;
    while (this.#opensAt(this.#position + opened)) opened += 1;
    const token = this.#tokens[this.#position + opened];
    if (token === undefined || !isOperand(token)) return undefined;
    for (let closed = 1; closed <= opened; closed += 1) {
      const closing = this.#tokens[this.#position + opened + closed];
      if (closing === undefined || !isSymbol(closing, ")")) return undefined;
    }
    this.#position += 2 * opened + 1;
    return termOf(token);
  }

  #opensAt(position: number): boolean {
    const token = this.#tokens[position];
    return token !== undefined && isSymbol(token, "(");
  }

  #nested(at: FilterSpan, parse: () => FilterExpression | undefined): FilterExpression | undefined {
    if (this.#depth === maxDepth) return this.#fail(at, tooDeep);
    this.#depth += 1;
    const expression = parse();
    this.#depth -= 1;
    return expression;
  }

  get #next(): FilterToken {
    return this.#tokens[this.#position] ?? nothing;
  }

  get #following(): FilterToken {
    return this.#tokens[this.#position + 1] ?? nothing;
  }

  /** The last token taken; `end` before the first. */
  get #previous(): FilterToken {
    return this.#tokens[this.#position - 1] ?? nothing;
  }

  #takeKeyword(word: FilterKeyword): boolean {
    return this.#takeIf(isKeyword(this.#next, word));
  }

  #takeSymbol(symbol: string): boolean {
    return this.#takeIf(isSymbol(this.#next, symbol));
  }

  #takeIf(matches: boolean): boolean {
    if (matches) this.#position += 1;
    return matches;
  }

  #failMissing(): undefined {
    return this.#failNext(explainMissingOperand(this.#previous, this.#next));
  }

  #failMisplaced(): undefined {
    const { at, ...wording } = explainMisplaced(this.#previous, this.#next);
    return this.#next.kind === "invalid" ? this.#failNext(wording) : this.#fail(at, wording);
  }

  #failGroup(): undefined {
    return this.#failNext(explainGroupAsOperand(this.#following));
  }

  /** Refuses the next token; one that can't be read speaks for itself. */
  #failNext(wording: Wording): undefined {
    return this.#fail(this.#next.at, this.#next.kind === "invalid" ? this.#next.wording : wording);
  }

  #fail(at: FilterSpan, wording: Wording): undefined {
    this.#problem ??= { code: "filter-syntax", ...wording, at };
    return undefined;
  }
}

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

function spanning(first: FilterTerm, last: FilterSpan): FilterSpan {
  return { start: first.at.start, end: last.end };
}

const nothing: FilterToken = { kind: "end", at: { start: 0, end: 0 } };

const unclosedGroup: Wording = {
  message: "The parenthesis that opens here is not closed.",
  hint: "Close it with ).",
};

const tooDeep: Wording = {
  message: `Parentheses and NOTs nest deeper than ${maxDepth} levels.`,
  hint: "Remove those that change nothing, or split the filter.",
};
