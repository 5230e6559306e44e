import { findUnsupported, patternToken, syntaxError } from "./re2-pattern.ts";

/**
 * A pattern of JavaScript as RE2 takes it; undefined where the two do not both take it. Of what they share, `\s`, `\S`
 * and `.` mean other characters in RE2, and are spelled out.
 */
export function translatePattern(pattern: string): string | undefined {
  if (findUnsupported(pattern) !== undefined || syntaxError(pattern) !== undefined) return undefined;
  return pattern.replace(patternToken, (text) => {
    if (text === ".") return `[^${lineEnds}]`;
    if (text === "\\s") return `[${blanks}]`;
    if (text === "\\S") return `[^${blanks}]`;
    if (!text.startsWith("[")) return text;
    return text.replace(/\\[sS]|\\./gsu, (part) =>
      part === "\\s" ? blanks : part === "\\S" ? nonBlanks : part,
    );
  });
}

/** The characters of `\s`, as a class of RE2 lists them. */
const blanks = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;

/** All other characters. */
const nonBlanks = String.raw`\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`;

/** The characters that `.` leaves out. */
const lineEnds = String.raw`\n\r\x{2028}\x{2029}`;
