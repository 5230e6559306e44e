import { expect, test } from "vitest";
import { compileFilter, type FilterProblem } from "../../../runtime/filter/index.ts";
import { everyType } from "./columns.ts";

const refused: Readonly<Record<string, readonly string[]>> = {
  incomplete: [
    "",
    " \t",
    "size >",
    "size",
    "> 5",
    "NOT",
    "ok AND",
    "AND ok",
    "ok OR OR ok",
    "ok AND NOT",
    "size IS",
    "size IS NOT",
    "kind NOT",
  ],
  parentheses: ["(size > 1", "((ok) AND (ok)", "size > 1)", "()", "ok AND ()", "(", ")", "size > (5"],
  quotes: [
    "kind = 'A",
    `"kind = 'a'`,
    `"" = 1`,
    "kind = 'it's'",
    String.raw`kind = 'it\'s'`,
    "`kind` = 'a'",
    "kind = ‘a’",
    "“kind” = 'a'",
    "kind = '\ud800'",
  ],
  "functions, casts, queries": [
    "lower(kind) = 'a'",
    "kind = lower('A')",
    "kind IN (lower('A'))",
    "now() > at",
    "CAST(size AS VARCHAR) = 'a'",
    "size::VARCHAR = 'a'",
    "day = DATE '2026-01-01'",
    "kind = E'x'",
    "SELECT 1",
    "SELECT * FROM t",
    "size = (SELECT 1)",
    "size IN (SELECT 1)",
    "EXISTS (SELECT 1)",
    "size = ANY (1, 2)",
    "WHERE size > 1",
    "ok ORDER BY size",
    "CASE WHEN ok THEN TRUE ELSE FALSE END",
    "CASE size WHEN 1 THEN TRUE END",
    "kind = CASE WHEN ok THEN 'a' END",
  ],
  "operators of SQL": [
    "kind LIKE 'A%'",
    "kind not ilike 'A%'",
    "kind SIMILAR TO 'a'",
    "kind ~ 'a'",
    "size BETWEEN 1 AND 20",
    "size NOT BETWEEN 1 AND 20",
    "ok IS TRUE",
    "ok IS NOT FALSE",
    "size IS DISTINCT FROM 5",
    "size IS 5",
    "size ISNULL",
    "size NOTNULL",
    "size NOT NULL",
    "kind COLLATE nocase = 'a'",
    "ok XOR ok",
    "size AS x",
    "size + 1 > 20",
    "size -1 > 20",
    "size > 2 * 3",
    "-size > 1",
    "size = +5",
    "size % 2 = 0",
    "kind || 'a' = 'b'",
    "tags[1] = 'a'",
    "raw->>'a' = 'b'",
  ],
  "signs of other languages": [
    "size == 1",
    "size === 1",
    "size !== 1",
    "size => 1",
    "size =< 1",
    "size <=> 1",
    "size ≠ 1",
    "size ≥ 1",
    "! ok",
    "ok && ok",
    "ok & ok",
    "ok || ok",
    "size = ?",
    "size = $1",
    "size = :x",
    "size = @x",
    "{size} = 1",
    "size ☃ 1",
  ],
  "more than a condition": [
    "size > 1; DROP TABLE t",
    "size > 1 -- x",
    "/* x */ ok",
    "size > 1 # x",
    "size > 1, size < 5",
    "ok ok",
    "ok 5",
    "video id = 'x'",
    "video-id = 'x'",
  ],
  comparisons: [
    "size > = 1",
    "size ! = 1",
    "size > AND ok",
    "1 < size < 5",
    "(size > 1) = TRUE",
    "(size > 1) IS NULL",
    "(ok AND ok) IN (TRUE)",
    "size = (ok AND ok)",
    "ok = NOT ok",
    "size NOT = 5",
    "'a'",
    "5",
    "(NULL)",
    "ok AND -5",
  ],
  lists: [
    "size IN ()",
    "size IN (1,)",
    "size IN (, 1)",
    "size IN (1 2)",
    "size IN 5",
    "size IN (1",
    "size IN (1, ",
    "size IN size",
    "size IN (size, 1)",
    `kind IN ("a")`,
    "size IN ((1, 2))",
    "size IN (1 + 1)",
    "5 IN (1)",
    "IN (1)",
    "size IN (1) IN (2)",
  ],
  numbers: ["size = 0x1F", "size = 1_000", "size = 1.2.3", "size = 1e", "size = 5a", "size = 1,5"],
  names: [
    "Kind = 'a'",
    "kindd = 'a'",
    "nothing = 'a'",
    "and = 5",
    `kind = "audio"`,
    "meta.sise = 1",
    "meta.In.ok",
    "meta.in.okk",
    "size.x = 1",
    "attrs.x = 1",
    "meta . size = 1",
    "meta. = 1",
    ".size = 1",
    "meta.* = 1",
  ],
  types: [
    "size",
    "kind AND meta.size",
    "size = '10'",
    "score = 'x'",
    "kind = 5",
    "kind = TRUE",
    "ok = 1",
    "ok = 'true'",
    "day = 20260101",
    "at = TRUE",
    "uid = 5",
    "score = 1e400",
    "size = kind",
    "day < at",
    "uid = id",
    "tags = 'a'",
    "attrs = 5",
    "raw = 'x'",
    "kind = raw",
    "meta = 5",
    "meta.in = TRUE",
    "tags IN ('a')",
    "1 = 'a'",
    "'a' < TRUE",
  ],
  "dates, times, UUIDs": [
    "day = '2026-02-30'",
    "day = '2026-13-01'",
    "day = '2026-1-1'",
    "day = '2026-01-01T00:00:00'",
    "day = 'today'",
    "at = '2026-02-30T00:00:00Z'",
    "at = '2026-01-01T24:00:00Z'",
    "at = '2026-01-01T12:60'",
    "at = '2026-01-01T12'",
    "at = '2026-01-01T12:00:00 Europe/Berlin'",
    "at = '2026-01-01T12:00:00+25:00'",
    "at = '2026-01-01T12:00:00.1234567Z'",
    "at = '0000-01-01T00:00:00+01:00'",
    "at = '9999-12-31T23:59:00-01:00'",
    "at = 'now'",
    "uid = 'x'",
    "uid = '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'",
  ],
  "several at once": [
    "kindd = 'a' AND (size = 'x' OR NOT score = TRUE) AND ok IN (1, TRUE, 'x') AND nothing.x IS NULL AND tags = raw",
  ],
};

test("every refused filter says what is wrong, where, and what to write", async () => {
  const sections = Object.entries(refused).map(
    ([section, filters]) => `# ${section}\n\n${filters.map(refusal).join("\n")}`,
  );
  await expect(sections.join("\n")).toMatchFileSnapshot("refused-filters.txt");
});

test.each(Object.values(refused).flat())("%s has a hint, and a place inside of the filter", (filter) => {
  for (const { at, hint, message } of problemsOf(filter)) {
    expect(hint ?? "").toMatch(/^[A-Z].*[.?]$/);
    expect(message).toMatch(/\.$/);
    expect(at.start).toBeLessThanOrEqual(at.end);
    expect(at.end).toBeLessThanOrEqual(filter.length);
  }
});

test("a problem carries its code, the column and its type for programs", () => {
  const facts = (filter: string) => problemsOf(filter).map(({ code, name, type }) => ({ code, name, type }));
  expect(facts("size =")).toEqual([{ code: "filter-syntax", name: undefined, type: undefined }]);
  expect(facts("meta.sise = 1")).toEqual([{ code: "unknown-column", name: "meta.sise", type: undefined }]);
  expect(facts("size = 'x'")).toEqual([{ code: "filter-type", name: "size", type: "BIGINT" }]);
});

test("messages stay short, however long the filter's words are", () => {
  const long = "x".repeat(100_000);
  for (const filter of [
    long,
    `size = '${long}'`,
    `size > 1 ${long}`,
    `${long}(1)`,
    `size = 1${long}`,
    `"${long}" = 1`,
  ])
    for (const { message, hint } of problemsOf(filter)) expect(`${message} ${hint}`.length).toBeLessThan(500);
});

function problemsOf(filter: string): readonly FilterProblem[] {
  const compiled = compileFilter(filter, everyType);
  expect(compiled.ok).toBe(false);
  return compiled.ok ? [] : compiled.problems;
}

function refusal(filter: string): string {
  const formatted = filter.replaceAll("\t", " ").toWellFormed();
  const problems = problemsOf(filter).map(({ code, message, at, hint }) => {
    const caret = " ".repeat(at.start) + "^".repeat(Math.max(1, at.end - at.start));
    return `  ${caret} ${code}\n    ${message}\n    ${hint}\n`;
  });
  return `  ${formatted}\n${problems.join("")}`;
}
