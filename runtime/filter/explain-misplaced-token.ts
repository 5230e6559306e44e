import type { FilterLiteral, FilterSpan } from "./filter-expression.ts";
import { excerpt, type Wording } from "./filter-problem.ts";
import { type FilterKeyword, type FilterToken, isSymbol, operatorOf } from "./filter-token.ts";
import { refusalOf } from "./refused-constructs.ts";

type NameToken = Extract<FilterToken, { kind: "name" }>;

/** Explains a `token` where a condition can only end, or continue with AND or OR. */
export function explainMisplaced(
  previous: FilterToken,
  token: FilterToken,
): Wording & { readonly at: FilterSpan } {
  const construct = previous.kind === "name" && !previous.quoted ? constructOf(previous, token) : undefined;
  return construct === undefined
    ? { ...explainToken(previous, token), at: token.at }
    : { ...construct, at: { start: previous.at.start, end: token.at.end } };
}

/** Explains a literal in the place of a condition. */
export function explainLiteralAlone(literal: FilterLiteral): Wording {
  const hint = "Compare a column with it; TRUE and FALSE alone are conditions.";
  switch (literal.kind) {
    case "text":
      return {
        message: "A string is not a condition.",
        hint: "Compare a column with it. Quote a column with double quotes, or not at all.",
      };
    case "number":
      return { message: "A number is not a condition.", hint };
    default:
      return { message: "NULL is not a condition.", hint: "Write column IS NULL." };
  }
}

/** Says what is wrong with the call of a function. */
export function explainFunctionCall(name: NameToken): Wording {
  return (
    refusalOf(name) ?? {
      message: `A filter can't call functions: ${excerpt(name.name)}(…) is not part of the language.`,
      hint: "Compare the column itself with a literal.",
    }
  );
}

/** For what begins with a word that was taken for a column: `lower(`, `DATE '…'`, `SELECT *`. */
function constructOf(previous: NameToken, token: FilterToken): Wording | undefined {
  if (isSymbol(token, "(")) return explainFunctionCall(previous);
  if (!isSymbol(token, "*") && (token.kind === "symbol" || refusalOf(token) !== undefined)) return undefined;
  return refusalOf(previous) ?? (token.kind === "text" ? prefixedText(previous) : undefined);
}

function explainToken(previous: FilterToken, token: FilterToken): Wording {
  if (isSymbol(token, ")")) return unmatchedParenthesis;
  if (operatorOf(token) !== undefined) return isSymbol(previous, ")") ? groupCompared : comparedTwice;
  const known = token.kind === "keyword" ? keywordWordings[token.word] : refusalOf(token);
  if (known !== undefined) return known;
  return previous.kind === "text" && previous.at.end === token.at.start ? quoteInText : missingConnective;
}

function prefixedText({ name }: NameToken): Wording {
  return {
    message: `A string takes no ${excerpt(name)} before it.`,
    hint: "Write the string alone: compared with a DATE or TIMESTAMPTZ column it is read as one.",
  };
}

/** What to say of NOT in the wrong place. */
export const misplacedNot: Wording = {
  message: "NOT precedes a condition, or is part of NOT IN and IS NOT NULL.",
  hint: "Write NOT size = 5, size NOT IN (5), or size IS NOT NULL.",
};

const keywordWordings: { readonly [word in FilterKeyword]?: Wording } = {
  NOT: misplacedNot,
  IN: { message: "IN expects a column on its left.", hint: "Write column IN ('a', 'b')." },
  IS: { message: "IS expects a column or a literal on its left.", hint: "Write column IS NULL." },
};

const unmatchedParenthesis: Wording = {
  message: "This closing parenthesis has no opening one.",
  hint: "Remove it, or open one.",
};

const groupCompared: Wording = {
  message: "A condition in parentheses can't be compared.",
  hint: "Join conditions with AND or OR; negate it with NOT.",
};

const comparedTwice: Wording = {
  message: "A comparison can't be compared again.",
  hint: "Write two comparisons: 1 < size AND size < 5.",
};

const quoteInText: Wording = {
  message: "The string ends at its second quote, and more follows at once.",
  hint: "Write a quote inside of a string twice: 'it''s'. A backslash does not help.",
};

const missingConnective: Wording = {
  message: "AND or OR is missing between two conditions.",
  hint: "Join them. Quote a column name with a space or a hyphen with double quotes.",
};
