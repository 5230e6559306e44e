import {
  explainFunctionCall,
  explainLiteralAlone,
  explainMisplaced,
  misplacedNot,
} from "./explain-misplaced-token.ts";
import { explainGroupAsOperand, explainMissingOperand } from "./explain-missing-operand.ts";
import type {
  FilterColumn,
  FilterExpression,
  FilterLiteral,
  FilterSpan,
  FilterTerm,
} from "./filter-expression.ts";
import type { FilterProblem, FilterResult, Wording } from "./filter-problem.ts";
import { describeToken, type FilterToken, isKeyword, isSymbol } from "./filter-token.ts";
import { refusalOf } from "./refused-constructs.ts";
import { TokenCursor } from "./token-cursor.ts";

/** Says what is wrong where IN is expected after `column NOT`. */
function explainAfterNot(token: FilterToken): Wording {
  return refusalOf(token) ?? misplacedNot;
}

/** Says what is wrong where NULL is expected after `IS` or `IS NOT`. */
function explainAfterIs(token: FilterToken): Wording {
  const message = "After IS comes NULL or NOT NULL.";
  if (isKeyword(token, "TRUE", "FALSE"))
    return { message, hint: "Write a boolean column alone, or with NOT before it." };
  return token.kind === "name" && token.name.toUpperCase() === "DISTINCT"
    ? { message, hint: "Write != or =, and test for null with IS NULL." }
    : { message, hint: "Compare with other values by = or !=." };
}

/** Says what is wrong where the list is expected after IN. */
function explainAfterIn(): Wording {
  return { message: "After IN comes a list in parentheses.", hint: "Write column IN ('a', 'b')." };
}

/** Says what is wrong where a literal is expected in the list after IN. */
function explainInList(previous: FilterToken, token: FilterToken, next: FilterToken): Wording {
  if (token.kind === "end") return unclosedList;
  if (isSymbol(token, ")") && isSymbol(previous, "(")) return emptyList;
  if (isSymbol(token, ",") || isSymbol(token, ")")) return looseComma;
  if (isSymbol(token, "(")) return refusalOf(next) ?? nestedList;
  if (token.kind !== "name") return explainMissingOperand(previous, token);
  if (isSymbol(next, "(")) return explainFunctionCall(token);
  return refusalOf(token) ?? columnInList(token);
}

/** Says what is wrong where a comma or the end of the list after IN is expected. */
function explainInListEnd(token: FilterToken): Wording {
  if (token.kind === "end") return unclosedList;
  return (
    refusalOf(token) ?? { message: "A comma is missing in the list after IN.", hint: "Write IN ('a', 'b')." }
  );
}

function columnInList(token: Extract<FilterToken, { kind: "name" }>): Wording {
  return {
    message: `The list after IN takes literals only, and ${describeToken(token)} is a column.`,
    hint: token.quoted
      ? "Quote a string with single quotes."
      : "Compare columns with =, joined by OR. Quote a string with single quotes.",
  };
}

const emptyList: Wording = { message: "The list after IN is empty.", hint: "Give it at least one literal." };

const looseComma: Wording = {
  message: "A literal is missing before or after this comma.",
  hint: "Write it, or remove the comma.",
};

const unclosedList: Wording = { message: "The list after IN is not closed.", hint: "Close it with )." };

const nestedList: Wording = {
  message: "The list after IN takes literals only, not lists.",
  hint: "Remove the inner parentheses.",
};

/** How deep parentheses and NOTs may nest. Chains of AND and OR are flat, and as long as one likes. */
const maxDepth = 100;

/**
 * Parses the tokens of a filter by recursive descent. A method gives `undefined` where it has noted a problem, and
 * its callers return `undefined` as well.
 */
export class FilterParser {
  readonly #cursor: TokenCursor;
  readonly #problems: FilterProblem[] = [];
  #depth = 0;

  constructor(tokens: readonly FilterToken[]) {
    this.#cursor = new TokenCursor(tokens);
  }

  parseWhole(): FilterResult<FilterExpression> {
    const value = this.#chain("or");
    if (value !== undefined && this.#cursor.next.kind === "end") return { ok: true, value };
    if (value !== undefined) this.#failMisplaced();
    return { ok: false, problems: this.#problems };
  }

  #chain(kind: "and" | "or"): FilterExpression | undefined {
    const operands: FilterExpression[] = [];
    do {
      const operand = kind === "or" ? this.#chain("and") : this.#negation();
      if (operand === undefined) return undefined;
      operands.push(operand);
    } while (this.#cursor.takeKeyword(kind === "or" ? "OR" : "AND"));
    return operands.length === 1 ? operands[0] : { kind, operands };
  }

  #negation(): FilterExpression | undefined {
    const { at } = this.#cursor.next;
    if (!this.#cursor.takeKeyword("NOT")) return this.#condition();
    const operand = this.#nested(at, () => this.#negation());
    return operand && { kind: "not", operand };
  }

  #condition(): FilterExpression | undefined {
    const term = this.#cursor.takeTerm();
    if (term !== undefined) return this.#conditionOn(term);
    const { at } = this.#cursor.next;
    if (!this.#cursor.takeSymbol("(")) return this.#failMissing();
    return this.#nested(at, () => this.#group(at));
  }

  #group(opening: FilterSpan): FilterExpression | undefined {
    const expression = this.#chain("or");
    if (expression === undefined || this.#cursor.takeSymbol(")")) return expression;
    return this.#cursor.next.kind === "end" ? this.#fail(opening, unclosedGroup) : this.#failMisplaced();
  }

  #conditionOn(left: FilterTerm): FilterExpression | undefined {
    const operator = this.#cursor.takeOperator();
    if (operator !== undefined) {
      const right = this.#rightSide();
      return right && { kind: "comparison", operator, left, right, at: spanning(left, right) };
    }
    if (this.#cursor.takeKeyword("IS")) return this.#nullTest(left);
    if (left.kind === "boolean") return { kind: "truth", term: left };
    return left.kind === "column" ? this.#conditionOnColumn(left) : this.#literalAlone(left);
  }

  #conditionOnColumn(column: FilterColumn): FilterExpression | undefined {
    if (this.#cursor.takeKeyword("IN")) return this.#list(column, false);
    if (!this.#cursor.takeKeyword("NOT")) return { kind: "truth", term: column };
    if (this.#cursor.takeKeyword("IN")) return this.#list(column, true);
    return this.#failNext(explainAfterNot(this.#cursor.next));
  }

  #rightSide(): FilterTerm | undefined {
    const term = this.#cursor.takeTerm();
    if (term !== undefined) return term;
    if (!isSymbol(this.#cursor.next, "(")) return this.#failMissing();
    return this.#failNext(explainGroupAsOperand(this.#cursor.following));
  }

  #nullTest(term: FilterTerm): FilterExpression | undefined {
    const negated = this.#cursor.takeKeyword("NOT");
    if (this.#cursor.takeKeyword("NULL")) return { kind: "is-null", negated, term };
    return this.#failNext(explainAfterIs(this.#cursor.next));
  }

  #list(column: FilterColumn, negated: boolean): FilterExpression | undefined {
    if (!this.#cursor.takeSymbol("(")) return this.#failNext(explainAfterIn());
    const values: FilterLiteral[] = [];
    do {
      const value = this.#listItem();
      if (value === undefined) return undefined;
      values.push(value);
    } while (this.#cursor.takeSymbol(","));
    if (!this.#cursor.takeSymbol(")")) return this.#failNext(explainInListEnd(this.#cursor.next));
    return { kind: "in", negated, column, values };
  }

  #listItem(): FilterLiteral | undefined {
    const literal = this.#cursor.takeLiteral();
    if (literal !== undefined) return literal;
    return this.#failNext(explainInList(this.#cursor.previous, this.#cursor.next, this.#cursor.following));
  }

  #literalAlone(literal: FilterLiteral): undefined {
    const { next } = this.#cursor;
    const ends = next.kind === "end" || isSymbol(next, ")") || isKeyword(next, "AND", "OR");
    return ends ? this.#fail(literal.at, explainLiteralAlone(literal)) : this.#failMisplaced();
  }

  #nested(at: FilterSpan, parse: () => FilterExpression | undefined): FilterExpression | undefined {
    if (this.#depth === maxDepth) return this.#fail(at, tooDeep);
    this.#depth += 1;
    const expression = parse();
    this.#depth -= 1;
    return expression;
  }

  #failMissing(): undefined {
    return this.#failNext(explainMissingOperand(this.#cursor.previous, this.#cursor.next));
  }

  #failMisplaced(): undefined {
    const { at, ...wording } = explainMisplaced(this.#cursor.previous, this.#cursor.next);
    return this.#cursor.next.kind === "invalid" ? this.#failNext(wording) : this.#fail(at, wording);
  }

  /** Refuses the next token; one that can't be read speaks for itself. */
  #failNext(wording: Wording): undefined {
    const { next } = this.#cursor;
    return this.#fail(next.at, next.kind === "invalid" ? next.wording : wording);
  }

  #fail(at: FilterSpan, wording: Wording): undefined {
    this.#problems.push({ code: "filter-syntax", ...wording, at });
    return undefined;
  }
}

function spanning(left: FilterTerm, right: FilterTerm): FilterSpan {
  return { start: left.at.start, end: right.at.end };
}

const unclosedGroup: Wording = {
  message: "The parenthesis that opens here is not closed.",
  hint: "Close it with ).",
};

const tooDeep: Wording = {
  message: `Parentheses and NOTs nest deeper than ${maxDepth} levels.`,
  hint: "Remove those that change nothing, or split the filter.",
};
