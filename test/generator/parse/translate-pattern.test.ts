import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { syntaxError, translatePattern } from "../../../generator/parse/re2-pattern.ts";

/** DuckDB's answers for a pattern as it is translated. */
let matchesOf: (pattern: string, texts: readonly string[]) => Promise<boolean[]>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  matchesOf = async (pattern, texts) => {
    const values = texts.map((_, index) => `regexp_matches($${index + 2}, $1)`).join(", ");
    const translated = translatePattern(pattern);
    const read = await connection.runAndReadAll(`SELECT ${values}`, [translated ?? "", ...texts]);
    return (read.getRows()[0] ?? []).map(Boolean);
  };
});

/** What the two engines' classes differ in, and what stands beside it. */
const characters = [
  ..."ab1_ \t\n\r\v\f-.,é😀",
  ..."\u00a0\u0085\u1680\u180e\u2000\u2003\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff",
];

const everyCharacter = characters;

describe("patterns mean in DuckDB what they mean in JavaScript", () => {
  test.each([
    "\\s",
    "\\S",
    ".",
    "\\d",
    "\\w",
    "\\D",
    "\\W",
    "[\\s,]",
    "[^\\s]",
    "[^\\S]",
    "[\\S\\n]",
    "[^\\S\\n]",
    "[\\s\\S]",
    "[\\d\\s]",
    "[.]",
    "\\.",
    "[^a]",
    "\\\\s",
    "[\\\\s]",
    "\\v",
    "[\\-\\s]",
  ])("%s, for each character", async (part) => {
    const pattern = `^${part}$`;
    const expected = everyCharacter.map((text) => new RegExp(pattern, "u").test(text));
    expect(await matchesOf(pattern, everyCharacter)).toEqual(expected);
  });

  test("a translated class still repeats up to RE2's limit", async () => {
    for (const pattern of [".{1000}", "\\s{1000}", "[^\\S]{1000}", "(\\S{100}){10}"])
      expect(await matchesOf(pattern, ["a"])).toEqual([false]);
  });

  test("in random patterns and texts", async () => {
    const pieces = fc.constantFrom(
      ..."^$.ab1|",
      ..."\\s|\\S|\\d|\\D|\\w|\\W|\\b|[\\s,]|[^\\S]|[^\\s]|[^a]|[\\S\\n]|[.]|\\.|(|)|(?:|*|+|?|{2}|{0,2}|*?|[a-\\x62]|\\p{L}|[^\\p{Lu}_]|\\P{Nd}|\\x41|é|😀{1,2}".split(
        "|",
      ),
    );
    const pattern = fc.array(pieces, { minLength: 1, maxLength: 8 }).map((all) => all.join(""));
    const texts = fc.array(
      fc.array(fc.constantFrom(...characters), { maxLength: 5 }).map((all) => all.join("")),
      { minLength: 6, maxLength: 6 },
    );
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(pattern, texts, async (source, some) => {
        if (translatePattern(source) === undefined) return;
        compared += 1;
        const expected = some.map((text) => new RegExp(source, "u").test(text));
        expect(await matchesOf(source, some), `${source} on ${JSON.stringify(some)}`).toEqual(expected);
      }),
      { numRuns: Number(process.env["STEMMA_RUNS"] ?? 1500) },
    );
    expect(compared).toBeGreaterThan(200);
  });

  test("what they do not both take is not translated", () => {
    expect(translatePattern("(?=a)")).toBeUndefined();
    expect(translatePattern("a++")).toBeUndefined();
    expect(syntaxError("a++")).toBe("nothing to repeat");
    expect(translatePattern("a\\Bb"), "RE2 looks between bytes").toBeUndefined();
  });
});
