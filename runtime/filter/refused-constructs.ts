import type { Wording } from "./filter-problem.ts";
import { type FilterToken, isSymbol, operatorOf } from "./filter-token.ts";

/** SQL that the filter language leaves out: by which signs and words it is known, what it is, what to write instead. */
interface RefusedConstruct {
  readonly symbols?: readonly string[];
  /** In capitals. They may also be names of columns: their position decides. */
  readonly words?: readonly string[];
  /** `{}` is replaced by the sign or word. */
  readonly message: string;
  readonly hint: string;
}

const constructs: readonly RefusedConstruct[] = [
  { symbols: ["==", "==="], message: "{} is not an operator.", hint: "Write =." },
  { symbols: ["!==", "≠"], message: "{} is not an operator.", hint: "Write !=." },
  { symbols: ["=<", "≤"], message: "{} is not an operator.", hint: "Write <=." },
  { symbols: ["=>", "≥"], message: "{} is not an operator.", hint: "Write >=." },
  { symbols: ["<=>"], message: "{} is not an operator.", hint: "Write =, and test for null with IS NULL." },
  { symbols: ["&&", "&"], message: "{} is not an operator.", hint: "Write AND." },
  { symbols: ["||", "|"], message: "{} is not an operator.", hint: "Write OR; strings can't be joined." },
  {
    symbols: ["!"],
    message: "{} is not an operator.",
    hint: "Write NOT before a condition, != between values.",
  },
  {
    symbols: ["+", "-", "*", "/", "%", "^", "<<", ">>"],
    words: ["DIV", "MOD"],
    message: "A filter can't calculate: {} is not part of the language.",
    hint: "Compare the column itself with a number worked out beforehand.",
  },
  {
    symbols: ["~", "!~"],
    words: ["LIKE", "ILIKE", "GLOB", "SIMILAR", "RLIKE", "REGEXP", "MATCH", "ESCAPE"],
    message: "A filter can't match patterns: {} is not part of the language.",
    hint: "Compare whole strings, with = or IN.",
  },
  {
    symbols: ["::"],
    words: ["CAST", "TRY_CAST"],
    message: "A filter can't cast: {} is not part of the language.",
    hint: "Write the literal alone: it is read as the type of the column that it is compared with.",
  },
  {
    symbols: ["->", "->>", "["],
    message: "A filter can't reach into a value with {}.",
    hint: "A member of a STRUCT is named with a dot: column.member.",
  },
  { symbols: ["]", "{", "}"], message: "{} is not part of the language.", hint: "Group with parentheses." },
  { symbols: [";"], message: "A filter is one condition, without {}.", hint: "Remove it." },
  { symbols: ["#"], message: "{} is not part of the language, nor are comments.", hint: "Remove it." },
  {
    symbols: ["?", "$", ":", "@"],
    message: "A filter has no parameters, so {} means nothing.",
    hint: "Write the value itself: a string in single quotes, any quote inside of it twice.",
  },
  {
    symbols: ["`"],
    message: "A column name can't have backticks.",
    hint: "Use double quotes, or no quotes.",
  },
  {
    symbols: ["‘", "’", "‚", "“", "”", "„", "«", "»"],
    message: "{} is a typographic quote.",
    hint: "Quote a string with straight single quotes ('), a column name with straight double quotes (\").",
  },
  {
    symbols: ["."],
    message: "A dot is allowed only between a column and its member.",
    hint: "Write column.member.",
  },
  { symbols: [","], message: "A list is allowed only after IN.", hint: "Join conditions with AND or OR." },
  {
    words: ["BETWEEN"],
    message: "{} is not part of the language.",
    hint: "Write both ends: size >= 1 AND size <= 20.",
  },
  { words: ["ISNULL"], message: "{} is not part of the language.", hint: "Write IS NULL." },
  { words: ["NOTNULL"], message: "{} is not part of the language.", hint: "Write IS NOT NULL." },
  { words: ["XOR"], message: "{} is not part of the language.", hint: "Write it with AND, OR and NOT." },
  {
    words: ["CASE", "WHEN", "THEN", "ELSE", "END"],
    message: "A filter can't hold a CASE expression.",
    hint: "Write it with AND, OR and NOT.",
  },
  {
    words: ["COLLATE"],
    message: "{} is not part of the language: strings are compared by code point.",
    hint: "Remove it.",
  },
  {
    words: ["AS"],
    message: "{} is not part of the language.",
    hint: "Remove it: nothing here takes a name.",
  },
  {
    words: ["SELECT", "WITH", "EXISTS", "ANY", "ALL", "SOME"],
    message: "A filter can't hold a query.",
    hint: "Write a condition over this feature's own columns.",
  },
  {
    words: [
      "WHERE",
      "FROM",
      "JOIN",
      "GROUP",
      "HAVING",
      "ORDER",
      "LIMIT",
      "OFFSET",
      "UNION",
      "EXCEPT",
      "INTERSECT",
    ],
    message: "A filter is the condition alone: {} is not part of the language.",
    hint: "Remove the clause, or the word at the start.",
  },
];

const refusedSymbols = indexBy((construct) => construct.symbols);
const refusedWords = indexBy((construct) => construct.words);

/**
 * What to say of a sign or word that the language leaves out; `undefined` for the rest of the tokens. A word is one
 * only where no column is possible, and never in double quotes.
 */
export function refusalOf(token: FilterToken): Wording | undefined {
  if (token.kind === "name") return token.quoted ? undefined : refusedWords.get(token.name.toUpperCase());
  if (token.kind !== "symbol" || isSymbol(token, "(") || isSymbol(token, ")")) return undefined;
  if (operatorOf(token) !== undefined) return undefined;
  return refusedSymbols.get(token.symbol) ?? unknownSymbol(token.symbol);
}

function unknownSymbol(symbol: string): Wording {
  return {
    message: `${symbol} is not part of the language.`,
    hint: "Remove it, or put what it belongs to in quotes: single ones for a string, double ones for a column.",
  };
}

function indexBy(
  keysOf: (construct: RefusedConstruct) => readonly string[] | undefined,
): ReadonlyMap<string, Wording> {
  return new Map(
    constructs.flatMap((construct) =>
      (keysOf(construct) ?? []).map((key) => {
        const wording: Wording = { message: construct.message.replace("{}", key), hint: construct.hint };
        return [key, wording] as const;
      }),
    ),
  );
}
