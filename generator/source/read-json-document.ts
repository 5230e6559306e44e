import { type NumberNode, parse, type StringNode, type ValueNode } from "@humanwhocodes/momoa";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { withoutByteOrderMark } from "../diagnostics/source-lines.ts";
import type { JsonDocument } from "./json-document.ts";
import { evaluate, nameNodeAt, nameOf, nodeAt, rangeOf } from "./json-tree.ts";
import { offsetInLiteral } from "./string-literal.ts";
import { TextLines } from "./text-lines.ts";

/** What a parser of JSON would let pass, take amiss, or choke on. The range is what to underline. */
export interface ScanProblem {
  readonly kind: "unclosed-string" | "control-character" | "too-deep";
  readonly start: number;
  readonly end: number;
}

/** How deep values may be nested: far beyond any spec, and far from exhausting the stack. */
const maxDepth = 100;

/** The first problem of a text in its strings or its nesting. */
function scanJson(text: string): ScanProblem | undefined {
  const token = /["[\]{}]/g;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const start = found.index;
    if (found[0] === '"') {
      const end = endOfString(text, start);
      if (text[end] !== '"') return stringProblem(text, start, end);
      token.lastIndex = end + 1;
    } else {
      depth += found[0] === "[" || found[0] === "{" ? 1 : -1;
      if (depth > maxDepth) return { kind: "too-deep", start, end: start + 1 };
    }
  }
  return undefined;
}

/** Index of the closing quote, or of the character at which the string breaks off. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"' && text.charCodeAt(index) >= 0x20) {
    index += text[index] === "\\" && text.charCodeAt(index + 1) >= 0x20 ? 2 : 1;
  }
  return index;
}

function stringProblem(text: string, start: number, end: number): ScanProblem {
  const lineEnds = end >= text.length || text[end] === "\n" || text[end] === "\r";
  return lineEnds
    ? { kind: "unclosed-string", start, end }
    : { kind: "control-character", start: end, end: end + 1 };
}

/** A text read as JSON; without a document where it is not JSON. */
export interface ReadDocument {
  readonly document: JsonDocument | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** How many characters a file may have. */
const maxTextLength = 1_000_000;

/** Reads a text as JSON, with the place of every part of it. */
export function readJsonDocument(file: string, source: string): ReadDocument {
  const text = withoutByteOrderMark(source);
  if (text.length > maxTextLength) {
    const at = { file, line: 1, column: 1, length: 1 };
    return rejected(
      createDiagnostic("json-too-large", at, { characters: text.length, limit: maxTextLength }),
    );
  }
  const lines = new TextLines(file, text);
  const scanned = scanJson(text);
  if (scanned !== undefined) return rejected(scanDiagnostic(scanned, lines));

  const root = parseText(text);
  if (typeof root === "number") {
    const { start, end, detail } = explainSyntax(text, root);
    return rejected(createDiagnostic("json-syntax", lines.locate(start, end), { detail }));
  }
  return {
    document: locatedDocument(file, text, evaluate(root)),
    diagnostics: [...valueProblems(root, text, lines)],
  };
}

/** The document of a text in which nothing is wrong: it was read before. */
export function lazyJsonDocument(file: string, source: string): JsonDocument {
  const text = withoutByteOrderMark(source);
  let cached: { readonly value: unknown } | undefined;
  return {
    ...locatedDocument(file, text, undefined),
    get value() {
      cached ??= { value: JSON.parse(text) };
      return cached.value;
    },
  };
}

/**
 * A document of a text that is JSON, and of its value.
 *
 * Where its parts stand is found out anew when somebody asks: mostly nobody does, and a tree takes much memory.
 */
function locatedDocument(file: string, text: string, value: unknown): JsonDocument {
  let cached: { readonly root: ValueNode; readonly lines: TextLines } | undefined;
  const tree = (): NonNullable<typeof cached> => {
    cached ??= { root: parse(text).body, lines: new TextLines(file, text) };
    return cached;
  };
  return {
    file,
    text,
    value,
    locate: (path) => {
      const { root, lines } = tree();
      return lines.locate(...rangeOf(nodeAt(root, path)));
    },
    locateKey: (path) => {
      const { root, lines } = tree();
      return lines.locate(...rangeOf(nameNodeAt(root, path)));
    },
  };
}

function rejected(diagnostic: Diagnostic): ReadDocument {
  return { document: undefined, diagnostics: [diagnostic] };
}

function scanDiagnostic({ kind, start, end }: ScanProblem, lines: TextLines): Diagnostic {
  const at = lines.locate(start, end);
  switch (kind) {
    case "too-deep":
      return createDiagnostic("json-too-deep", at, { limit: maxDepth });
    case "unclosed-string":
      return createDiagnostic("json-syntax", at, { detail: "a string is not closed on its line" });
    case "control-character":
      return createDiagnostic("json-syntax", at, {
        detail: "a string contains a control character; write it as an escape, like \\t",
      });
  }
}

/** The root of the tree, or the offset at which the parser gave up. */
function parseText(text: string): ValueNode | number {
  try {
    return parse(text).body;
  } catch (error) {
    return failureOffset(error);
  }
}

/** What is wrong with the values of a JSON text: names that occur twice, numbers and texts that would be altered. */
function* valueProblems(node: ValueNode, text: string, lines: TextLines): Iterable<Diagnostic> {
  switch (node.type) {
    case "Object": {
      const names = new Set<string>();
      for (const member of node.members) {
        const name = nameOf(member);
        if (names.has(name))
          yield createDiagnostic("json-duplicate-key", lines.locate(...rangeOf(member.name)), { name });
        names.add(name);
        if (member.name.type === "String") yield* surrogateProblem(member.name, text, lines);
        yield* valueProblems(member.value, text, lines);
      }
      return;
    }
    case "Array":
      for (const element of node.elements) yield* valueProblems(element.value, text, lines);
      return;
    case "String":
      return yield* surrogateProblem(node, text, lines);
    case "Number":
      return yield* numberProblem(node, text, lines);
  }
}

/** Half of a surrogate pair is no character: it can be neither hashed nor stored as UTF-8. */
function* surrogateProblem(node: StringNode, text: string, lines: TextLines): Iterable<Diagnostic> {
  const index = node.value.search(/\p{Surrogate}/u);
  if (index === -1) return;
  const [start, end] = rangeOf(node);
  const literal = text.slice(start, end);
  const range = [offsetInLiteral(literal, index), offsetInLiteral(literal, index + 1)] as const;
  const codeUnit = node.value.charCodeAt(index).toString(16);
  yield createDiagnostic("json-lone-surrogate", lines.locate(start + range[0], start + range[1]), {
    codeUnit,
  });
}

/** An integer that JavaScript would round, or a number that it takes for infinite. */
function* numberProblem(node: NumberNode, text: string, lines: TextLines): Iterable<Diagnostic> {
  const written = text.slice(...rangeOf(node));
  const rounded = /^-?\d+$/.test(written) && BigInt(written) !== BigInt(node.value);
  if (!rounded && Number.isFinite(node.value)) return;
  yield createDiagnostic("json-number", lines.locate(...rangeOf(node)), { written, read: node.value });
}

/** Why a text is not JSON, and the range to underline. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly detail: string;
}

/** Says why a text is not JSON, given the offset at which the parser gave up. */
function explainSyntax(text: string, failedAt: number): SyntaxProblem {
  if (text.trim() === "") return { start: 0, end: 1, detail: "the file is empty" };
  const before = text.slice(0, failedAt).trimEnd();
  const token = tokenAt(text, failedAt);
  if (isIncomplete(text)) {
    const end = text.trimEnd().length;
    return { start: end - 1, end, detail: "the file ends before its brackets are closed" };
  }
  if (/^[\]}]/.test(token) && before.endsWith(",")) {
    const start = before.length - 1;
    return { start, end: start + 1, detail: `a comma precedes the closing "${token}"` };
  }
  return { start: failedAt, end: failedAt + token.length, detail: explainToken(text, failedAt, token) };
}

function explainToken(text: string, offset: number, token: string): string {
  const before = text.slice(0, offset).trimEnd();
  if (token.startsWith("\\")) return `${token} is not an escape; a backslash is written \\\\`;
  if (/\\u[0-9a-f]{0,3}$/i.test(before)) return "\\u is followed by four hexadecimal digits";
  if (/^[-+.\d]/.test(token) || /\d[.eE][-+]?$|-$/.test(before))
    return "a number is written like 12, -0.5 or 1e3";
  if (token === "'") return "strings are written in double quotes";
  if (token === "/" || token === "#") return "it has a comment";
  const missing = [",", ":"].find((character) => parsesFurther(text, offset, character));
  if (missing !== undefined) return `a "${missing}" is missing before ${token}`;
  if (/^(true|false|null)$/i.test(token)) return `${token} is written ${token.toLowerCase()}`;
  if (/^[\p{L}_$]/u.test(token)) return `${token} is not in double quotes`;
  return syntaxErrorOffset(before) === undefined
    ? "it continues after its end"
    : `${token} is not expected here`;
}

/** The string, word or character at an offset. */
function tokenAt(text: string, offset: number): string {
  const token = /"(?:[^"\\\r\n]|\\.){0,40}"?|\\.|[\p{L}\p{N}_$.+-]{1,40}|./suy;
  token.lastIndex = offset;
  return token.exec(text)?.[0] ?? "";
}

/** Whether the parser misses something at the end: then it takes offence at anything that follows. */
function isIncomplete(text: string): boolean {
  const failedAt = syntaxErrorOffset(`${text}\0`);
  return failedAt !== undefined && failedAt >= text.length;
}

function parsesFurther(text: string, offset: number, character: string): boolean {
  const failedAt = syntaxErrorOffset(text.slice(0, offset) + character + text.slice(offset));
  return failedAt === undefined || failedAt > offset + 1;
}

function syntaxErrorOffset(text: string): number | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return failureOffset(error);
  }
}

/** The offset that an error of the parser names. Any other error is a bug and thrown on. */
function failureOffset(error: unknown): number {
  if (error instanceof Error && "offset" in error && typeof error.offset === "number") return error.offset;
  throw error;
}
