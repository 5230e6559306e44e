/** What a parser of JSON would let pass, take amiss, or choke on. The range is what to underline. */
export interface ScanProblem {
  readonly kind: "unclosed-string" | "control-character" | "too-deep";
  readonly start: number;
  readonly end: number;
}

/** How deep values may be nested: far beyond any spec, and far from exhausting the stack. */
export const maxDepth = 100;

/** The first problem of a text in its strings or its nesting. */
export function scanJson(text: string): ScanProblem | undefined {
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
