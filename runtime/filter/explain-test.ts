import { explainFunctionCall, misplacedNot } from "./explain-misplaced-token.ts";
import { explainMissingOperand } from "./explain-missing-operand.ts";
import type { Wording } from "./filter-problem.ts";
import { describeToken, type FilterToken, isKeyword, isSymbol } from "./filter-token.ts";
import { refusalOf } from "./refused-constructs.ts";

/** Says what is wrong where IN is expected after `column NOT`. */
export function explainAfterNot(token: FilterToken): Wording {
  return refusalOf(token) ?? misplacedNot;
}

/** Says what is wrong where NULL is expected after `IS` or `IS NOT`. */
export function explainAfterIs(token: FilterToken): Wording {
  const message = "After IS comes NULL or NOT NULL.";
  if (isKeyword(token, "TRUE", "FALSE"))
    return { message, hint: "Write a boolean column alone, or with NOT before it." };
  return token.kind === "name" && token.name.toUpperCase() === "DISTINCT"
    ? { message, hint: "Write != or =, and test for null with IS NULL." }
    : { message, hint: "Compare with other values by = or !=." };
}

/** Says what is wrong where the list is expected after IN. */
export function explainAfterIn(): Wording {
  return { message: "After IN comes a list in parentheses.", hint: "Write column IN ('a', 'b')." };
}

/** Says what is wrong where a literal is expected in the list after IN. */
export function explainInList(previous: FilterToken, token: FilterToken, next: FilterToken): Wording {
  if (token.kind === "end") return unclosedList;
  if (isSymbol(token, ")") && isSymbol(previous, "(")) return emptyList;
  if (isSymbol(token, ",") || isSymbol(token, ")")) return looseComma;
  if (isSymbol(token, "(")) return refusalOf(next) ?? nestedList;
  if (token.kind !== "name") return explainMissingOperand(previous, token);
  if (isSymbol(next, "(")) return explainFunctionCall(token);
  return refusalOf(token) ?? columnInList(token);
}

/** Says what is wrong where a comma or the end of the list after IN is expected. */
export function explainInListEnd(token: FilterToken): Wording {
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
