import type { FilterTree, Literal, Operand } from "./filter-tree.ts";
import { OracleError } from "./oracle-error.ts";

const tokenPattern =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<name>(?:[\p{L}_][\p{L}\p{N}_]*|"(?:[^"]|"")+")(?:\.(?:[\p{L}_][\p{L}\p{N}_]*|"(?:[^"]|"")+"))*)|(?<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<sign><=|>=|<>|!=|[=<>(),]))/uy;

interface Token {
  readonly kind: "text" | "name" | "number" | "sign" | "keyword";
  readonly value: string;
}

const keywords = new Set(["AND", "OR", "NOT", "IN", "IS", "NULL", "TRUE", "FALSE"]);
const comparisons = new Set(["=", "!=", "<>", "<", ">", "<=", ">="]);

/** Parses a filter; anything beyond the language is refused. */
export function parseFilter(text: string): FilterTree {
  const tokens = tokenize(text);
  let position = 0;

  const peek = (value: string): boolean => {
    const token = tokens[position];
    return token?.value === value && (token.kind === "sign" || token.kind === "keyword");
  };
  const take = (value: string): boolean => {
    const found = peek(value);
    if (found) position += 1;
    return found;
  };
  const expect = (value: string): void => {
    if (!take(value)) refuse(text);
  };

  function disjunction(): FilterTree {
    const terms = [conjunction()];
    while (take("OR")) terms.push(conjunction());
    return { kind: "or", terms };
  }

  function conjunction(): FilterTree {
    const terms = [negation()];
    while (take("AND")) terms.push(negation());
    return { kind: "and", terms };
  }

  function negation(): FilterTree {
    if (take("NOT")) return { kind: "not", term: negation() };
    if (!take("(")) return predicate();
    const inner = disjunction();
    expect(")");
    return inner;
  }

  function predicate(): FilterTree {
    const left = operand();
    const operator = tokens[position];
    if (operator?.kind === "sign" && comparisons.has(operator.value)) {
      position += 1;
      return { kind: "compare", operator: operator.value, left, right: operand() };
    }
    if (take("IS")) {
      const negated = take("NOT");
      expect("NULL");
      return negate(negated, { kind: "isNull", operand: left });
    }
    const negated = take("NOT");
    if (take("IN")) return negate(negated, { kind: "in", operand: left, list: list() });
    if (negated || !mayStandAlone(left)) refuse(text);
    return { kind: "truth", operand: left };
  }

  function list(): Literal[] {
    expect("(");
    const items: Literal[] = [];
    do {
      const item = operand();
      if (item.kind !== "literal") refuse(text);
      items.push(item);
    } while (take(","));
    expect(")");
    return items;
  }

  function operand(): Operand {
    const token = tokens[position];
    position += 1;
    if (token?.kind === "text") return literal(token.value.slice(1, -1).replaceAll("''", "'"));
    if (token?.kind === "number") return literal(Number(token.value));
    if (token?.kind === "name") return { kind: "column", name: unquote(token.value) };
    if (token?.kind === "keyword") {
      if (token.value === "NULL") return literal(null);
      if (token.value === "TRUE" || token.value === "FALSE") return literal(token.value === "TRUE");
    }
    return refuse(text);
  }

  const tree = disjunction();
  if (position !== tokens.length) refuse(text);
  return tree;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  let position = 0;
  while (position < source.length) {
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(source);
    if (match === null) refuse(text);
    position = tokenPattern.lastIndex;
    const { text: quoted, name, number, sign } = match.groups ?? {};
    if (quoted !== undefined) tokens.push({ kind: "text", value: quoted });
    else if (number !== undefined) tokens.push({ kind: "number", value: number });
    else if (sign !== undefined) tokens.push({ kind: "sign", value: sign });
    else if (name !== undefined && keywords.has(name.toUpperCase())) {
      tokens.push({ kind: "keyword", value: name.toUpperCase() });
    } else if (name !== undefined) tokens.push({ kind: "name", value: name });
  }
  return tokens;
}

function unquote(name: string): string {
  return name.replaceAll(/"((?:[^"]|"")+)"/gu, (_, inner: string) => inner.replaceAll('""', '"'));
}

function mayStandAlone(operand: Operand): boolean {
  return operand.kind === "column" || typeof operand.value === "boolean";
}

function negate(negated: boolean, term: FilterTree): FilterTree {
  return negated ? { kind: "not", term } : term;
}

function literal(value: Literal["value"]): Literal {
  return { kind: "literal", value };
}

function refuse(text: string): never {
  throw new OracleError("filter-syntax", `not a filter: ${text}`);
}
