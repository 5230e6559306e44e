import { RE2JS } from "re2js";

/** What a pattern has that one of its two engines lacks: JavaScript, on which JSON Schema rests, or DuckDB's RE2. */
export interface UnsupportedConstruct {
  readonly construct: string;
  readonly engine: "DuckDB" | "JavaScript";
  /** What to write instead. */
  readonly instead?: string | undefined;
}

/** The parts of a pattern. */
const patternToken = /\[\^?\]|\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\.|\(\?(?:<?[=!]|.)?|./gsu;

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

/** The first thing in a pattern that JavaScript or RE2 lacks; not what is no expression in JavaScript at all. */
export function findUnsupported(pattern: string): UnsupportedConstruct | undefined {
  const refusal = refusalOf(pattern);
  const constructs = refusal === undefined ? exceptions : [...exceptions, ...names];
  for (const text of partsOf(pattern)) {
    const found = constructs.find(({ part }) => part.test(text));
    if (found !== undefined) return { ...found, construct: text.replace(found.part, found.construct) };
  }
  if (refusal === undefined || syntaxError(pattern) !== undefined) return undefined;
  return tooMuch.test(refusal) ? tooLarge : { construct: `it (${refusal})`, engine: "DuckDB" };
}

/** The parts of a pattern; after a class, the escapes in it. */
function* partsOf(pattern: string): Iterable<string> {
  for (const [token] of pattern.matchAll(patternToken)) {
    yield token;
    if (token.startsWith("[")) yield* token.match(/\\[pP]\{[^}]*\}|\\[^b]/gsu) ?? [];
  }
}

/** What JavaScript finds wrong with a pattern. */
export function syntaxError(pattern: string): string | undefined {
  return messageOf(() => new RegExp(pattern, "u"))
    ?.replace(/^.*: /s, "")
    .toLowerCase();
}

/** What RE2 finds wrong with a pattern. */
function refusalOf(pattern: string): string | undefined {
  // DuckDB's RE2 takes the end of the class [[:] as it stands; re2js takes "[:]" for a name.
  const unnamed = pattern.replace(/\[:\](?!.*:\])/su, "[\\:]");
  return messageOf(() => {
    RE2JS.compile(unnamed);
    if (RE2JS.compile(spellProperties(unnamed)).programSize() > maxParts) throw new Error("too large");
  })?.replace("error parsing regexp: ", "");
}

function messageOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** How many parts a pattern may have, repetitions written out; about what DuckDB's RE2 has memory for. */
const maxParts = 10_900;

/** A property is one part to re2js; RE2 lists its hundreds of ranges. */
function spellProperties(pattern: string): string {
  return pattern.replace(patternToken, (token) => {
    const properties = token.match(/\\[pP]\{/g)?.length ?? 0;
    return properties === 0 ? token : `(?:${"x".repeat(30 * properties)})`;
  });
}

/** A construct, by a part of a pattern; `$1` stands for what the part captures. */
interface Construct extends UnsupportedConstruct {
  readonly part: RegExp;
}

function construct(part: RegExp, construct: string, instead?: string): Construct {
  return { part, construct, engine: "DuckDB", instead };
}

/** What re2js takes, but DuckDB's RE2 or JavaScript refuses or reads in another way. */
const exceptions: readonly Construct[] = [
  // DuckDB's RE2 is older than this spelling.
  construct(/^\(\?<$/, "a named group", "Write a group without a name."),
  // DuckDB's RE2 knows these categories only; re2js also Cn, LC, and properties like Alphabetic.
  construct(
    /^(\\[pP]\{(?!(?:Any|C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)\}).*)$/su,
    "the property $1",
    "Of properties, write general categories by their short names, like \\p{Lu}.",
  ),
  // RE2 looks between bytes.
  construct(/^\\B$/, "the assertion \\B"),
  // RE2 takes the bracket as a member of the class, and goes on to the next one.
  construct(/^\[\]$/, "an empty class"),
  construct(/^\[\^\]$/, "an empty class", "Write [\\s\\S] for any character."),
  // JavaScript takes the parts of such a name as single characters.
  { ...construct(/^\[(?:\\.|[^\\])*?(\[:\^?\w+:).*$/su, "the class $1]"), engine: "JavaScript" },
  // Older versions of JavaScript refuse them.
  { ...construct(/^\(\?[^:<=!>]$/su, "flags for a part"), engine: "JavaScript" },
];

/** Names for what re2js refuses. */
const names: readonly Construct[] = [
  construct(/^\(\?=$/, "a lookahead"),
  construct(/^\(\?!$/, "a negative lookahead"),
  construct(/^\(\?<=$/, "a lookbehind"),
  construct(/^\(\?<!$/, "a negative lookbehind"),
  construct(/^\(\?>$/, "an atomic group"),
  construct(/^\\[1-9k]$/, "a backreference"),
  construct(/^\\u$/, "the escape \\u", "Write the character itself."),
  construct(/^\\c$/, "the escape \\c", "Write the code as two digits, like \\x0a."),
  construct(/^\[(?:[^\\]|\\[^b])*\\b.*$/su, "[\\b]", "Write \\x08."),
];

const tooMuch = /repeat count|too large|too deeply/;

const tooLarge: UnsupportedConstruct = {
  construct: "more than 1000 repetitions, or too many parts",
  engine: "DuckDB",
  instead: 'Repeat with * or +, and bound the length with "maxLength".',
};

/** The characters of `\s`, as a class of RE2 lists them. */
const blanks = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;

/** All other characters. */
const nonBlanks = String.raw`\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`;

/** The characters that `.` leaves out. */
const lineEnds = String.raw`\n\r\x{2028}\x{2029}`;
