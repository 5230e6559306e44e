import type { FilterExpression, FilterSpan } from "./filter-expression.ts";
import { FilterParser } from "./filter-parser.ts";
import { excerpt, type FilterResult, type Wording } from "./filter-problem.ts";
import { type FilterToken, isOperand, isSymbol, keywordOf } from "./filter-token.ts";

/**
 * Reads a filter, without looking at columns or types. Gives the first problem only: what follows it is guesswork.
 *
 * @example
 * ```ts
 * parseFilter("size > 10 AND kind IN ('audio', 'video')");
 * ```
 */
export function parseFilter(text: string): FilterResult<FilterExpression> {
  return new FilterParser(tokenizeFilter(text)).parseWhole();
}

const space = /\s*/y;
const bareName = /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy;
const bareMember = /[\p{L}\p{M}\p{N}_$]+/uy;
const quotedName = /"([^"]*(?:""[^"]*)*)"/y;
const text = /'([^']*(?:''[^']*)*)'/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const minus = /-\s*(?=[\d.])/y;
const comment = /--|\/\*/y;
const afterNumber = /[\p{L}\p{N}_$.]+/uy;
/** The longest first; the rest of the signs are single characters. */
const symbol = /===|!==|<=>|->>|==|!=|<>|<=|>=|=<|=>|&&|\|\||::|->|<<|>>|!~|./suy;
/** Has no UTF-8, and so would reach the database as another character. */
const loneSurrogate = /\p{Cs}/u;

/**
 * Cuts a filter into words and signs. The last token is `end`, or `invalid` where the rest can't be read.
 */
function tokenizeFilter(filter: string): readonly FilterToken[] {
  const surrogate = filter.search(loneSurrogate);
  if (surrogate >= 0) return [invalid({ start: surrogate, end: surrogate + 1 }, loneSurrogateWording)];
  const tokens: FilterToken[] = [];
  for (;;) {
    const start = endOf(space, filter, tokens.at(-1)?.at.end ?? 0);
    const token = readToken(filter, start, tokens.at(-1));
    tokens.push(token);
    if (token.kind === "end" || token.kind === "invalid") return tokens;
  }
}

function readToken(filter: string, start: number, previous: FilterToken | undefined): FilterToken {
  if (start === filter.length) return { kind: "end", at: { start, end: start } };
  if (endOf(comment, filter, start) > start)
    return invalid({ start, end: start + 2 }, commentWording(filter.slice(start, start + 2)));
  if (filter[start] === "'") return readText(filter, start);
  if (filter[start] === '"' || endOf(bareName, filter, start) > start) return readName(filter, start);
  return readNumber(filter, start, previous) ?? readSymbol(filter, start);
}

function readText(filter: string, start: number): FilterToken {
  const inner = match(text, filter, start)?.[1];
  if (inner === undefined) return invalid({ start, end: filter.length }, unclosedText);
  return { kind: "text", value: inner.replaceAll("''", "'"), at: { start, end: start + inner.length + 2 } };
}

/** Reads a column: names with dots between them, each bare or in double quotes. */
function readName(filter: string, start: number): FilterToken {
  const parts: string[] = [];
  let quoted = false;
  let end = start;
  do {
    const partStart = parts.length === 0 ? start : end + 1;
    const part = match(quotedName, filter, partStart)?.[1];
    if (part !== undefined) {
      if (part === "") return invalid({ start: partStart, end: partStart + 2 }, emptyName);
      quoted = true;
      end = partStart + part.length + 2;
      parts.push(part.replaceAll('""', '"'));
    } else if (filter[partStart] === '"') {
      return invalid({ start: partStart, end: filter.length }, unclosedName);
    } else {
      end = endOf(parts.length === 0 ? bareName : bareMember, filter, partStart);
      parts.push(filter.slice(partStart, end));
    }
  } while (filter[end] === "." && (filter[end + 1] === '"' || endOf(bareMember, filter, end + 1) > end + 1));
  return nameOrKeyword(parts, quoted, { start, end });
}

function nameOrKeyword(parts: readonly string[], quoted: boolean, at: FilterSpan): FilterToken {
  const name = parts.join(".");
  const word = quoted ? undefined : keywordOf(name);
  return word === undefined ? { kind: "name", name, quoted, at } : { kind: "keyword", word, at };
}

/** Reads a number. A minus after a value is arithmetic, and becomes a sign token. */
function readNumber(
  filter: string,
  start: number,
  previous: FilterToken | undefined,
): FilterToken | undefined {
  const followsValue = previous !== undefined && (isOperand(previous) || isSymbol(previous, ")"));
  const digitsStart = followsValue ? start : endOf(minus, filter, start);
  const digitsEnd = endOf(number, filter, digitsStart);
  if (digitsEnd === digitsStart) return undefined;
  const end = endOf(afterNumber, filter, digitsEnd);
  if (end > digitsEnd) return invalid({ start, end }, badNumber(filter.slice(start, end)));
  const sign = digitsStart > start ? "-" : "";
  return { kind: "number", text: sign + filter.slice(digitsStart, digitsEnd), at: { start, end } };
}

function readSymbol(filter: string, start: number): FilterToken {
  const end = endOf(symbol, filter, start);
  return { kind: "symbol", symbol: filter.slice(start, end), at: { start, end } };
}

function match(pattern: RegExp, filter: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(filter);
}

/** Where a match at `start` ends; `start` itself without a match. */
function endOf(pattern: RegExp, filter: string, start: number): number {
  return start + (match(pattern, filter, start)?.[0].length ?? 0);
}

function invalid(at: FilterSpan, wording: Wording): FilterToken {
  return { kind: "invalid", wording, at };
}

const loneSurrogateWording: Wording = {
  message: "A filter can't hold half of a surrogate pair.",
  hint: "Remove it: no stored text holds one.",
};

const unclosedText: Wording = {
  message: "The string that begins here has no closing quote.",
  hint: "Close it with ', and write a quote inside of it twice: 'it''s'.",
};

const unclosedName: Wording = {
  message: "The column name that begins here has no closing double quote.",
  hint: 'Close it with ". Quote a string with single quotes.',
};

const emptyName: Wording = {
  message: "A column name can't be empty.",
  hint: "An empty string is two single quotes: ''.",
};

function commentWording(opener: string): Wording {
  return { message: `A filter can't hold a comment (${opener}).`, hint: "Remove it." };
}

function badNumber(written: string): Wording {
  return {
    message: `${excerpt(written)} is not a number.`,
    hint: "Numbers are decimal: 12, -3.5, .5, 1e3. Quote a string with single quotes, and a column that begins with a digit with double quotes.",
  };
}
