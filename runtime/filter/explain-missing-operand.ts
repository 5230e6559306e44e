import type { Wording } from "./filter-problem.ts";
import { describeToken, type FilterToken, isSymbol, operatorOf } from "./filter-token.ts";
import { refusedSymbols, refusedWords } from "./refused-constructs.ts";

/** Says what is wrong where a column, a literal or a condition is expected, and `token` stands. */
export function explainMissingOperand(previous: FilterToken | undefined, token: FilterToken): Wording {
  switch (token.kind) {
    case "invalid":
      return token.wording;
    case "end":
      return previous === undefined ? emptyFilter : endedAfter(previous);
    case "symbol":
      return explainSymbol(previous, token.symbol);
    default:
      return explainWord(previous, token);
  }
}

/** Says what is wrong where an operator has a parenthesis on its right that does not enclose a column or a literal. */
export function explainGroupAsOperand(inner: FilterToken): Wording {
  return wordingOfWord(inner) ?? conditionAsOperand;
}

/** What is known of a word that the language leaves out. In double quotes it is a column. */
export function wordingOfWord(token: FilterToken): Wording | undefined {
  return token.kind === "name" && !token.quoted ? refusedWords.get(token.name.toUpperCase()) : undefined;
}

function explainSymbol(previous: FilterToken | undefined, symbol: string): Wording {
  if (symbol === ")" && previous !== undefined && isSymbol(previous, "(")) return emptyGroup;
  return refusedSymbols.get(symbol) ?? missingBefore(symbol, joinedOperator(previous, symbol));
}

function explainWord(previous: FilterToken | undefined, token: FilterToken): Wording {
  const word = describeToken(token);
  if (word === "NOT" && previous !== undefined && operatorOf(previous) !== undefined)
    return conditionAsOperand;
  return missingBefore(word, `If a column has this name, write it in double quotes.`);
}

function missingBefore(what: string, hint = "Write it, or remove what follows."): Wording {
  return { message: `A column or a literal is missing before ${what}.`, hint };
}

/** For `> =`: the two signs were meant as one. */
function joinedOperator(previous: FilterToken | undefined, symbol: string): string | undefined {
  if (previous?.kind !== "symbol" || !["<=", ">=", "!=", "<>"].includes(previous.symbol + symbol))
    return undefined;
  return `Write ${previous.symbol}${symbol} without a space.`;
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
  message: "There is no condition in the parentheses.",
  hint: "Write one, or remove them.",
};

const conditionAsOperand: Wording = {
  message: "A comparison takes a column or a literal on each side, not a condition.",
  hint: "Join conditions with AND or OR.",
};
