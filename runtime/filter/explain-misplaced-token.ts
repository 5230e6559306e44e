import { explainMissingOperand, wordingOfWord } from "./explain-missing-operand.ts";
import type { FilterLiteral } from "./filter-expression.ts";
import { excerpt, type Wording } from "./filter-problem.ts";
import { describeToken, type FilterKeyword, type FilterToken, isKeyword, isSymbol } from "./filter-token.ts";
import { refusedSymbols, refusedWords } from "./refused-constructs.ts";

/** Says what is wrong where a condition can end or go on with AND or OR, and `token` stands. */
export function explainMisplaced(previous: FilterToken, token: FilterToken): Wording {
  switch (token.kind) {
    case "invalid":
      return token.wording;
    case "symbol":
      return explainSymbol(previous, token.symbol);
    case "keyword":
      return keywordWordings[token.word] ?? explainOperand(previous, token);
    default:
      return wordingOfWord(token) ?? explainOperand(previous, token);
  }
}

/** Says what is wrong with a literal that stands alone where a condition is expected. */
export function explainLiteralAlone(literal: FilterLiteral): Wording {
  const hint = "Compare a column with it; TRUE and FALSE alone are conditions.";
  switch (literal.kind) {
    case "text":
      return {
        message: "A text is no condition.",
        hint: "Compare a column with it. A column stands in double quotes, or in none.",
      };
    case "number":
      return { message: "A number is no condition.", hint };
    default:
      return { message: "NULL is no condition.", hint: "Write column IS NULL." };
  }
}

/** Says what is wrong where IN is expected after `column NOT`. */
export function explainAfterNot(token: FilterToken): Wording {
  return wordingOfWord(token) ?? misplacedNot;
}

/** Says what is wrong where NULL is expected after `IS` or `IS NOT`. */
export function explainAfterIs(token: FilterToken): Wording {
  if (token.kind === "invalid") return token.wording;
  return { message: "After IS comes NULL or NOT NULL.", hint: hintAfterIs(token) };
}

/** Says what is wrong where the list is expected after IN. */
export function explainAfterIn(token: FilterToken): Wording {
  if (token.kind === "invalid") return token.wording;
  return { message: "After IN comes a list in parentheses.", hint: "Write column IN ('a', 'b')." };
}

/** Says what is wrong where a literal is expected in the list after IN. */
export function explainInList(previous: FilterToken, token: FilterToken): Wording {
  if (isSymbol(token, ")")) return isSymbol(previous, "(") ? emptyList : openComma;
  if (token.kind !== "name") return explainMissingOperand(previous, token);
  return (
    wordingOfWord(token) ?? {
      message: `The list after IN takes literals only, and ${describeToken(token)} is a column.`,
      hint: token.quoted
        ? "A text stands in single quotes."
        : "Compare columns with =, joined by OR. A text stands in single quotes.",
    }
  );
}

/** Says what is wrong where a comma or the end of the list after IN is expected. */
export function explainInListEnd(token: FilterToken): Wording {
  if (token.kind === "invalid") return token.wording;
  if (token.kind === "end") return { message: "The list after IN is not closed.", hint: "Close it with )." };
  const refused = token.kind === "symbol" ? refusedSymbols.get(token.symbol) : wordingOfWord(token);
  return refused ?? { message: "A comma is missing in the list after IN.", hint: "Write IN ('a', 'b')." };
}

function explainSymbol(previous: FilterToken, symbol: string): Wording {
  if (symbol === ")") return { message: "This parenthesis closes nothing.", hint: "Remove it, or open one." };
  if (symbol === "(")
    return previous.kind === "name" && !previous.quoted ? functionCall(previous.name) : sideBySide;
  return refusedSymbols.get(symbol) ?? (isSymbol(previous, ")") ? groupCompared : comparisonCompared);
}

function explainOperand(previous: FilterToken, token: FilterToken): Wording {
  if (token.kind === "text" && previous.kind === "name" && !previous.quoted)
    return wordingOfWord(previous) ?? prefixedText(previous.name);
  return wordingOfWord(previous) ?? sideBySide;
}

function functionCall(name: string): Wording {
  const word = name.toUpperCase();
  const refused = word === "CAST" || word === "TRY_CAST" ? refusedSymbols.get("::") : refusedWords.get(word);
  return (
    refused ?? {
      message: `A filter can't call functions: ${excerpt(name)}(…) is not part of the language.`,
      hint: "Compare the column itself with a literal.",
    }
  );
}

function prefixedText(prefix: string): Wording {
  return {
    message: `A text takes no ${excerpt(prefix)} before it.`,
    hint: "Write the text alone: beside a DATE or TIMESTAMPTZ column it is read as one.",
  };
}

const sideBySide: Wording = {
  message: "Two conditions stand side by side without AND or OR.",
  hint: "Join them. A column name with a space or a hyphen stands in double quotes.",
};

const groupCompared: Wording = {
  message: "A condition in parentheses can't be compared.",
  hint: "Join conditions with AND or OR; turn one round with NOT.",
};

const comparisonCompared: Wording = {
  message: "A comparison can't be compared again.",
  hint: "Write two comparisons: 1 < size AND size < 5.",
};

const emptyList: Wording = { message: "The list after IN is empty.", hint: "Give it at least one literal." };

const openComma: Wording = { message: "A literal is missing after the comma.", hint: "Remove the comma." };

const misplacedNot: Wording = {
  message: "NOT stands before a condition, or in NOT IN and IS NOT NULL.",
  hint: "Write NOT size = 5, size NOT IN (5), or size IS NOT NULL.",
};

const keywordWordings: { readonly [word in FilterKeyword]?: Wording } = {
  NOT: misplacedNot,
  IN: { message: "IN takes a column on its left.", hint: "Write column IN ('a', 'b')." },
  IS: { message: "IS takes a column or a literal on its left.", hint: "Write column IS NULL." },
};

function hintAfterIs(token: FilterToken): string {
  if (isKeyword(token, "TRUE", "FALSE")) return "Write a boolean column alone, or with NOT before it.";
  return token.kind === "name" && token.name.toUpperCase() === "DISTINCT"
    ? "Write != or =, and test for null with IS NULL."
    : "Compare with other values by = or !=.";
}
