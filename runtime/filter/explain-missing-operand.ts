import type { Wording } from "./filter-problem.ts";
import { describeToken, type FilterToken, isKeyword, isSymbol, operatorOf } from "./filter-token.ts";
import { refusalOf } from "./refused-constructs.ts";

/** Explains a `token` in the place of a column, a literal or a condition. */
export function explainMissingOperand(previous: FilterToken, token: FilterToken): Wording {
  if (token.kind === "end") return previous.kind === "end" ? emptyFilter : endedAfter(previous);
  if (token.kind === "symbol") return explainSymbol(previous, token);
  if (isKeyword(token, "NOT") && operatorOf(previous) !== undefined) return conditionAsOperand;
  return missingBefore(token, "If a column has this name, write it in double quotes.");
}

/** Says what is wrong where an operator has a parenthesis on its right that does not enclose a column or a literal. */
export function explainGroupAsOperand(inner: FilterToken): Wording {
  return refusalOf(inner) ?? conditionAsOperand;
}

function explainSymbol(previous: FilterToken, token: Extract<FilterToken, { kind: "symbol" }>): Wording {
  if (isSymbol(token, "+")) return signedNumber;
  if (isSymbol(token, ")") && isSymbol(previous, "(")) return emptyGroup;
  return refusalOf(token) ?? missingBefore(token, hintForOperator(previous, token.symbol));
}

/** For `> =`, the two signs were meant as one. */
function hintForOperator(previous: FilterToken, symbol: string): string {
  return previous.kind === "symbol" && ["<=", ">=", "!=", "<>"].includes(previous.symbol + symbol)
    ? `Write ${previous.symbol}${symbol} without a space.`
    : "Write it, or remove what follows.";
}

function missingBefore(token: FilterToken, hint: string): Wording {
  return { message: `A column or a literal is missing before ${describeToken(token)}.`, hint };
}

function endedAfter(previous: FilterToken): Wording {
  return {
    message: `The filter ends after ${describeToken(previous)}, where a column or a literal is missing.`,
    hint: "Write the rest of the condition.",
  };
}

const emptyFilter: Wording = {
  message: "The filter is empty.",
  hint: "Write a condition, such as size > 10, or leave the filter out.",
};

const emptyGroup: Wording = {
  message: "The parentheses are empty.",
  hint: "Write one, or remove them.",
};

const conditionAsOperand: Wording = {
  message: "A comparison expects a column or a literal on each side, not a condition.",
  hint: "Join conditions with AND or OR.",
};

const signedNumber: Wording = { message: "A number takes no + before it.", hint: "Write 5, or -5." };
