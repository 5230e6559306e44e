import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { findUnsupported } from "../../../generator/parse/re2-pattern.ts";
import { translatePattern } from "../../../generator/parse/translate-pattern.ts";

/** What DuckDB says of a pattern; nothing where it runs. */
let refusalOf: (pattern: string) => Promise<string | undefined>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const statement = await connection.prepare("SELECT regexp_matches('abc', $1)");
  refusalOf = async (pattern) => {
    statement.bindVarchar(1, pattern);
    try {
      await statement.run();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
});

function isJavaScript(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

const refused =
  String.raw`(?=a) (?!a) (?<=a) (?<!a) (?<n>a) (a)\1 (?<n>a)\k<n> \u0041 \u{1F600} \cA [\cA] [\b] [] [^]
  \p{Script=Greek} \p{Letter} \p{ASCII} \p{Cn} \p{LC} [\p{Script=Greek}] a{1001} (a{100}){11} ((a{10}){10}){11}
  (?:a{2,}){501} \p{L}{1000} (\p{L}{10}){100} [\p{L}]{900}`.split(/\s+/);

const accepted =
  String.raw`^[a-z]+$ \d{4}-\d{2} a??b*?c+? [^\s\w]+ \p{L}{1,50} \P{Lu}? (a{10}){100} (a{0,1000}) \x41 \/\$\.\* [\]\-\\] \0 .*
  (?:a|b|)* é+ 😀{2} [😀-😂] ^$ \bword\b \t\n\r\v\f [+--] [[:a]`.split(/\s+/);

describe("patterns", () => {
  test.each(refused)("%s is refused, as DuckDB can't run it", async (pattern) => {
    expect(isJavaScript(pattern)).toBe(true);
    expect(findUnsupported(pattern)?.engine).toBe("DuckDB");
    expect(await refusalOf(pattern)).toBeDefined();
  });

  test.each(accepted)("%s is accepted, and DuckDB runs it", async (pattern) => {
    expect(isJavaScript(pattern)).toBe(true);
    expect(findUnsupported(pattern)).toBeUndefined();
    expect(await refusalOf(pattern)).toBeUndefined();
  });

  test.each(["(?i)a", "(?i:a)", "(?P<n>a)", "[[:alpha:]]", "[a[:^digit:]]"])(
    "%s is refused, as not every JavaScript can run it",
    (pattern) => {
      expect(findUnsupported(pattern)?.engine).toBe("JavaScript");
    },
  );

  test("whatever passes here and in JavaScript, DuckDB runs", async () => {
    const pieces = [
      ..."abz019-^$.*+?()[]{}|\\/,:=!<>&~ é😀\n",
      ...[
        "(?:",
        "(?=",
        "(?<n>",
        "[^",
        "{2}",
        "{3,}",
        "{0,9}",
        "{40}",
        "\\d",
        "\\W",
        "\\s",
        "\\b",
        "\\B",
        "\\p{L}",
      ],
      ...[
        "\\P{Nd}",
        "\\x41",
        "\\0",
        "\\-",
        "\\/",
        "[a-z]",
        "[\\w-]",
        "[^\\d]",
        "(a|b)",
        "\\1",
        "\\u0041",
        "[:alpha:]",
      ],
    ];
    const pattern = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 })
      .map((all) => all.join(""));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(pattern, async (text) => {
        const translated = translatePattern(text);
        expect(translated !== undefined).toBe(findUnsupported(text) === undefined && isJavaScript(text));
        if (translated === undefined) return;
        compared += 1;
        expect(await refusalOf(translated), text).toBeUndefined();
      }),
      { numRuns: 8000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });
});
