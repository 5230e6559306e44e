import { parse } from "@humanwhocodes/momoa";

/** Why a text is not JSON, and the range to underline. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly detail: string;
}

/** Says why a text is not JSON, given the offset at which the parser gave up. */
export function explainSyntax(text: string, failedAt: number): SyntaxProblem {
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
export function failureOffset(error: unknown): number {
  if (error instanceof Error && "offset" in error && typeof error.offset === "number") return error.offset;
  throw error;
}
