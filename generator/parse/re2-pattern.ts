/** What a pattern has that one of its two engines lacks: JavaScript, on which JSON Schema rests, or DuckDB's RE2. */
export interface UnsupportedConstruct {
  readonly construct: string;
  readonly engine: "DuckDB" | "JavaScript";
  /** What to write instead. */
  readonly instead?: string;
}

/** The parts of a pattern. */
export const patternToken: RegExp =
  /\[\^?\]|\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\.|\(\?(?:<?[=!]|.)?|[()]|\{\d+(?:,\d*)?\}|./gsu;

/** The first thing in a pattern that JavaScript or RE2 lacks. Whether it is an expression at all is another question. */
export function findUnsupported(pattern: string): UnsupportedConstruct | undefined {
  const tokens = Array.from(pattern.matchAll(patternToken), ([text]) => text);
  for (const text of tokens) {
    const found = text.startsWith("[") ? unsupportedInClass(text) : unsupportedToken(text);
    if (found !== undefined) return found;
  }
  return isTooLarge(tokens) ? tooLarge : undefined;
}

const byToken: Readonly<Record<string, UnsupportedConstruct>> = {
  "(?=": { construct: "a lookahead", engine: "DuckDB" },
  "(?!": { construct: "a negative lookahead", engine: "DuckDB" },
  "(?<=": { construct: "a lookbehind", engine: "DuckDB" },
  "(?<!": { construct: "a negative lookbehind", engine: "DuckDB" },
  "(?<": { construct: "a named group", engine: "DuckDB", instead: "Write a group without a name." },
  "(?>": { construct: "an atomic group", engine: "DuckDB" },
  "[]": { construct: "an empty class", engine: "DuckDB" },
  "[^]": { construct: "an empty class", engine: "DuckDB", instead: "Write [\\s\\S] for any character." },
};

function unsupportedToken(text: string): UnsupportedConstruct | undefined {
  if (text.startsWith("\\")) return unsupportedEscape(text);
  if (Object.hasOwn(byToken, text)) return byToken[text];
  if (text.startsWith("(?") && text !== "(?:") return { construct: "flags for a part", engine: "JavaScript" };
  return undefined;
}

function unsupportedInClass(text: string): UnsupportedConstruct | undefined {
  if (Object.hasOwn(byToken, text)) return byToken[text];
  const named = /\[:\^?\w+:/.exec(text.slice(1).replace(/\\./gsu, ""));
  if (named !== null) return { construct: `the class ${named[0]}]`, engine: "JavaScript" };
  for (const [escaped] of text.matchAll(/\\[pP]\{[^}]*\}|\\./gsu)) {
    const found = escaped === "\\b" ? backspace : unsupportedEscape(escaped);
    if (found !== undefined) return found;
  }
  return undefined;
}

const backspace: UnsupportedConstruct = { construct: "[\\b]", engine: "DuckDB", instead: "Write \\x08." };

/** Short names of general categories: all that both engines know under one name. */
const categories = /^(?:Any|C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;

function unsupportedEscape(text: string): UnsupportedConstruct | undefined {
  const letter = text.charAt(1);
  if (letter === "B") return { construct: "the assertion \\B", engine: "DuckDB" };
  if (/[1-9k]/.test(letter)) return { construct: "a backreference", engine: "DuckDB" };
  if (letter === "u") {
    return { construct: "the escape \\u", engine: "DuckDB", instead: "Write the character itself." };
  }
  if (letter === "c") {
    return {
      construct: "the escape \\c",
      engine: "DuckDB",
      instead: "Write the code as two digits, like \\x0a.",
    };
  }
  if (!/[pP]/.test(letter) || categories.test(text.slice(3, -1))) return undefined;
  return {
    construct: `the property ${text}`,
    engine: "DuckDB",
    instead: "Of properties, write general categories by their short names, like \\p{Lu}.",
  };
}

const tooLarge: UnsupportedConstruct = {
  construct: "more than 1000 repetitions, or too many parts",
  engine: "DuckDB",
  instead: 'Repeat with * or +, and bound the length with "maxLength".',
};

/** How often RE2 repeats anything, nested repetitions multiplied. */
const maxRepetitions = 1000;

/** How many parts a pattern may have, repetitions written out; about what fits into the memory that RE2 allows itself. */
const maxParts = 15_000;

/** A property means hundreds of ranges of characters. */
const partsOfProperty = 50;

/** A part of a pattern, as RE2 writes it out. */
interface PatternSize {
  /** The most repetitions of anything in it. */
  repetitions: number;
  parts: number;
}

function isTooLarge(tokens: readonly string[]): boolean {
  const enclosing: PatternSize[] = [];
  let group: PatternSize = { repetitions: 1, parts: 0 };
  let last: PatternSize = { repetitions: 1, parts: 0 };
  for (const text of tokens) {
    if (text === "(" || text === "(?:") {
      enclosing.push(group);
      group = { repetitions: 1, parts: 0 };
      continue;
    }
    if (text === ")") {
      last = group;
      group = enclosing.pop() ?? { repetitions: 1, parts: 0 };
    } else if (/^\{\d/.test(text)) {
      const times = Math.max(1, repetitionsOf(text));
      if (last.repetitions * times > maxRepetitions) return true;
      group.parts += last.parts * (times - 1);
      last = { repetitions: last.repetitions * times, parts: 0 };
    } else {
      last = { repetitions: 1, parts: partsOf(text) };
    }
    group.parts += last.parts;
    group.repetitions = Math.max(group.repetitions, last.repetitions);
    if (group.parts > maxParts) return true;
  }
  return false;
}

/** The upper bound of `{n,m}`; of `{n,}` the lower. */
function repetitionsOf(text: string): number {
  const [lower = "", upper = ""] = text.slice(1, -1).split(",");
  return Number(upper === "" ? lower : upper);
}

function partsOf(text: string): number {
  const properties = text.match(/\\[pP]\{/g)?.length ?? 0;
  return Math.max(1, properties * partsOfProperty);
}
