import type { ComparisonOperator, FilterSpan } from "./filter-expression.ts";
import { excerpt, type Wording } from "./filter-problem.ts";

/** A word or sign of a filter. */
export type FilterToken =
  | { readonly kind: "name"; readonly name: string; readonly quoted: boolean; readonly at: FilterSpan }
  | { readonly kind: "keyword"; readonly word: FilterKeyword; readonly at: FilterSpan }
  | { readonly kind: "number"; readonly text: string; readonly at: FilterSpan }
  | { readonly kind: "text"; readonly value: string; readonly at: FilterSpan }
  /** A sign, also one that the language does not have: the parser refuses it at its location. */
  | { readonly kind: "symbol"; readonly symbol: string; readonly at: FilterSpan }
  /** Something that has no end or no meaning; nothing is read after it. */
  | { readonly kind: "invalid"; readonly wording: Wording; readonly at: FilterSpan }
  | { readonly kind: "end"; readonly at: FilterSpan };

/** Words that only a column in double quotes can have as its name. */
const keywords = ["AND", "OR", "NOT", "IN", "IS", "NULL", "TRUE", "FALSE"] as const;

/** A keyword, in capitals. */
export type FilterKeyword = (typeof keywords)[number];

const operators: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["=", "="],
  ["!=", "!="],
  ["<>", "!="],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  [">=", ">="],
]);

/** The keyword that a word is, in any case. Letters beyond ASCII (`ı` has the capital `I`) make none. */
export function keywordOf(word: string): FilterKeyword | undefined {
  const capitals = word.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
  return keywords.find((keyword) => keyword === capitals);
}

/** The operator that a token is. */
export function operatorOf(token: FilterToken): ComparisonOperator | undefined {
  return token.kind === "symbol" ? operators.get(token.symbol) : undefined;
}

/** Whether a token is one of the given keywords. */
export function isKeyword(token: FilterToken, ...words: readonly FilterKeyword[]): boolean {
  return token.kind === "keyword" && words.includes(token.word);
}

/** Whether a token is a given sign. */
export function isSymbol(token: FilterToken, symbol: string): boolean {
  return token.kind === "symbol" && token.symbol === symbol;
}

/** A token that is a column or a literal. */
export type OperandToken = Extract<FilterToken, { kind: "name" | "number" | "text" }> | KeywordLiteral;

/** NULL, TRUE or FALSE. */
type KeywordLiteral = Extract<FilterToken, { kind: "keyword" }>;

/** Whether a token is a column or a literal. */
export function isOperand(token: FilterToken): token is OperandToken {
  return (
    token.kind === "name" ||
    token.kind === "number" ||
    token.kind === "text" ||
    isKeyword(token, "NULL", "TRUE", "FALSE")
  );
}

/** A token as a message repeats it. */
export function describeToken(token: FilterToken): string {
  switch (token.kind) {
    case "name":
      return token.quoted ? `"${excerpt(token.name)}"` : excerpt(token.name);
    case "keyword":
      return token.word;
    case "number":
      return excerpt(token.text);
    case "text":
      return `'${excerpt(token.value)}'`;
    case "symbol":
      return token.symbol;
    case "invalid":
    case "end":
      return "the end";
  }
}
