import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { beforeAll, describe, expect, test } from "vitest";
import { findUnsupported, syntaxError, translatePattern } from "../../../generator/parse/re2-pattern.ts";

/** Whether a text matches in DuckDB; what it says of the pattern where it does not run. */
let answerOf: (pattern: string, text?: string) => Promise<boolean | string>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const statement = await connection.prepare("SELECT regexp_matches($2, $1)");
  answerOf = async (pattern, text = "abc") => {
    statement.bindVarchar(1, pattern);
    statement.bindVarchar(2, text);
    try {
      return (await statement.runAndReadAll()).getRows()[0]?.[0] === true;
    } catch (error) {
      return String(error);
    }
  };
});

async function isRefused(pattern: string): Promise<boolean> {
  return typeof (await answerOf(pattern)) === "string";
}

function isJavaScript(pattern: string): boolean {
  return syntaxError(pattern) === undefined;
}

const refused =
  String.raw`(?=a) (?!a) (?<=a) (?<!a) (?<n>a) (a)\1 (?<n>a)\k<n> \u0041 \u{1F600} \cA [\cA] [\b] [] [^]
  \p{Script=Greek} \p{Letter} \p{ASCII} \p{Cn} \p{LC} [\p{Script=Greek}] a{1001} (a{100}){11} ((a{10}){10}){11}
  (?:a{2,}){501} \p{L}{1000} (\p{L}{10}){100} [\p{L}]{900}`.split(/\s+/);

const accepted =
  String.raw`^[a-z]+$ \d{4}-\d{2} a??b*?c+? [^\s\w]+ \p{L}{1,50} \P{Lu}? (a{10}){100} (a{0,1000}) \x41 \/\$\.\* [\]\-\\] \0 .*
  (?:a|b|)* é+ 😀{2} [😀-😂] ^$ \bword\b \t\n\r\v\f [+--] [[:a] [[:] [:[:]+ [^[:] [:]`.split(/\s+/);

describe("patterns", () => {
  test.each(refused)("%s is refused, as DuckDB can't run it", async (pattern) => {
    expect(isJavaScript(pattern)).toBe(true);
    expect(findUnsupported(pattern)?.engine).toBe("DuckDB");
    expect(await isRefused(pattern)).toBe(true);
  });

  test.each(accepted)("%s is accepted, and DuckDB runs it", async (pattern) => {
    expect(isJavaScript(pattern)).toBe(true);
    expect(findUnsupported(pattern)).toBeUndefined();
    expect(await isRefused(pattern)).toBe(false);
  });

  test.each(["(?i)a", "(?i:a)", "(?P<n>a)", "[[:alpha:]]", "[a[:^digit:]]"])(
    "%s is refused, as not every JavaScript can run it",
    (pattern) => {
      expect(findUnsupported(pattern)?.engine).toBe("JavaScript");
    },
  );

  test.each(
    String.raw`(?<n>a) \p{LC} \p{Cn} \P{Cn} [\p{Alphabetic}] \p{White_Space} \p{Emoji} \p{Assigned} \p{L}{500}
    [\p{L}\d]{450}`.split(/\s+/),
  )("%s is an exception: re2js takes it, DuckDB does not", async (pattern) => {
    expect(() => RE2JS.compile(pattern)).not.toThrow();
    expect(findUnsupported(pattern)?.engine).toBe("DuckDB");
    expect(await isRefused(pattern)).toBe(true);
  });

  test.each([
    { pattern: "\\B", text: "aéa" },
    { pattern: "[][]", text: "]" },
    { pattern: "[^][^]", text: "a" },
    { pattern: "[[:alpha:][b]", text: "z" },
  ])("$pattern is an exception: DuckDB reads it in another way", async ({ pattern, text }) => {
    expect(() => RE2JS.compile(pattern)).not.toThrow();
    expect(findUnsupported(pattern)).toBeDefined();
    expect(await answerOf(pattern, text)).toBe(true);
    expect(new RegExp(pattern, "u").test(text)).toBe(false);
  });

  test.each([
    { pattern: "a(?=b)", construct: "a lookahead" },
    { pattern: "a(?!b)", construct: "a negative lookahead" },
    { pattern: "(?<=a)b", construct: "a lookbehind" },
    { pattern: "(?<!a)b", construct: "a negative lookbehind" },
    { pattern: "(?<n>a)", construct: "a named group" },
    { pattern: "(?>a)", construct: "an atomic group" },
    { pattern: "(a)\\1", construct: "a backreference" },
    { pattern: "a\\u0041", construct: "the escape \\u" },
    { pattern: "[x\\u0041]", construct: "the escape \\u" },
    { pattern: "\\cA", construct: "the escape \\c" },
    { pattern: "[x\\b]", construct: "[\\b]" },
    { pattern: "[^]", construct: "an empty class" },
    { pattern: "\\p{Lu}\\p{Script=Greek}", construct: "the property \\p{Script=Greek}" },
    { pattern: "[\\p{Lu}\\P{CI}]", construct: "the property \\P{CI}" },
    { pattern: "(?i)a", construct: "flags for a part" },
    { pattern: "[[:^alpha:]]", construct: "the class [:^alpha:]" },
    { pattern: "(?=a)\\B", construct: "a lookahead" },
    { pattern: "[[:!:]", construct: "it (invalid character class range: `[:!:]`)" },
    { pattern: "[[:]a[:]", construct: "it (invalid character class range: `[:]`)" },
    { pattern: "\\p{L}{1001}", construct: "more than 1000 repetitions, or too many parts" },
  ])("$pattern has $construct", ({ pattern, construct }) => {
    expect(findUnsupported(pattern)?.construct).toBe(construct);
  });

  test.each(["a++", "[z-a]", "(a", "a{3,2}", "\\pL", "\\e"])(
    "%s is no expression of JavaScript, which is not about DuckDB",
    (pattern) => {
      expect(findUnsupported(pattern)).toBeUndefined();
      expect(isJavaScript(pattern)).toBe(false);
    },
  );

  test("of what JavaScript runs, exactly what DuckDB runs passes, where it does not read it in another way", async () => {
    const pieces = [
      ..."abz019-^$.*+?()[]{}|\\/,:=!<>&~ é😀\n",
      ...String.raw`(?: (?= (?! (?<= (?<! (?<n> [^ {2} {3,} {0,9} {40} {1001} \d \W \s \S \b \B \p{L} \P{Nd}
      \p{Cn} [\p{LC}] \p{Lowercase} \p{Script=Greek} \x41 \0 \- \/ [a-z] [\w-] [^\d] [^\s] [\b] [\cA] [] [^] (a|b) (a*)
      (?:) ) ] \1 \k<n> \u0041 \u{41} \cA [:alpha:] [[:alpha:] [: [[: :] [:] [[:!:]`.split(/\s+/),
    ];
    const pattern = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 })
      .map((all) => all.join(""))
      .filter(isJavaScript);
    const counts = { passed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(pattern, async (text) => {
        const translated = translatePattern(text);
        const unsupported = findUnsupported(text);
        expect(translated === undefined, text).toBe(unsupported !== undefined);
        counts[translated === undefined ? "refused" : "passed"] += 1;
        if (isReadInAnotherWay.test(unsupported?.construct ?? "")) return;
        expect(await isRefused(translated ?? text), `${text}: ${unsupported?.construct}`).toBe(
          translated === undefined,
        );
      }),
      { numRuns: Number(process.env["STEMMA_RUNS"] ?? 4000) },
    );
    expect(counts.passed).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(500);
  });
});

const isReadInAnotherWay = /\\B|an empty class|the class \[:/;
