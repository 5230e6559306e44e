import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printFilter } from "../../../runtime/dialect/print-filter.ts";
import { compileFilter } from "../../../runtime/filter/index.ts";
import { columnSql, columnTypes, printed, quotedLiteral } from "./columns.ts";

const types = columnTypes({ name: "VARCHAR", size: "BIGINT", ok: "BOOLEAN" });

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("CREATE TABLE t (name VARCHAR, size BIGINT, ok BOOLEAN)");
  await connection.run("INSERT INTO t VALUES ('a', 1, TRUE), ('b', 2, FALSE), (NULL, NULL, NULL)");
});

afterAll(() => connection.closeSync());

describe("depth", () => {
  const nested = (depth: number) => `${"(ok AND ".repeat(depth)}ok${")".repeat(depth)}`;

  test("a hundred levels of parentheses or NOTs run in the database", async () => {
    expect(await count(nested(100))).toBe(1);
    expect(await count(`${"NOT ".repeat(100)}ok`)).toBe(1);
  });

  test.each([
    ["parentheses", nested(101), 800],
    ["very many parentheses", nested(100_000), 800],
    ["NOTs", "NOT ".repeat(100_000).concat("ok"), 400],
    ["parentheses that never close", "(".repeat(100_000), 100],
  ])("deeper %s are a problem, with its place", (_what, filter, start) => {
    const compiled = compileFilter(filter, types);
    expect(compiled).toMatchObject({ ok: false, problems: [{ code: "filter-syntax", at: { start } }] });
    expect(compiled.ok || compiled.problems[0]?.message).toBe(
      "Parentheses and NOTs nest deeper than 100 levels.",
    );
  });

  test("any number of parentheses around a column or a literal is none", () => {
    const enclosed = (term: string) => "(".repeat(5000) + term + ")".repeat(5000);
    const compiled = compileFilter(`${enclosed("size")} = ${enclosed("5")} OR ${enclosed("ok")}`, types);
    expect(compiled.ok && printed(compiled.value)).toBe(`"size" = 5 OR "ok"`);
  });
});

describe("length", () => {
  const numbers = Array.from({ length: 50_000 }, (_, number) => number + 2);

  test("chains of AND and OR and lists are as long as one likes", () => {
    for (const [filter, kind] of [
      [numbers.map((number) => `size = ${number}`).join(" OR "), "or"],
      [numbers.map((number) => `NOT (size = ${number})`).join(" AND "), "and"],
      [`size IN (${numbers.join(", ")})`, "in"],
    ] as const)
      expect(compileFilter(filter, types)).toMatchObject({ ok: true, value: { kind } });
  });

  test("long chains and lists run in the database", async () => {
    const few = numbers.slice(0, 2000);
    expect(await count(few.map((number) => `size = ${number}`).join(" OR "))).toBe(1);
    expect(await count(few.map((number) => `size != ${number}`).join(" AND "))).toBe(1);
    expect(await count(`size IN (${numbers.join(", ")})`)).toBe(1);
  });

  test.each([
    ["text", `name = '${"''".repeat(1_000_000)}'`],
    ["text that is not closed", `name = '${"''".repeat(1_000_000)}`],
    ["name", `${"x".repeat(1_000_000)} = 1`],
    ["dotted name", `${"x.".repeat(100_000)}x = 1`],
    ["number", `size = 1${"0".repeat(1_000_000)}1`],
    ["exponent", `size < 1e${"9".repeat(1_000_000)}`],
  ])("a very long %s is read, or refused, and does not crash", (_what, filter) => {
    expect(() => compileFilter(filter, types)).not.toThrow();
  });
});

describe("injection", () => {
  test.each([
    ["name = 'x'; DROP TABLE t"],
    ["name = 'x' OR 1=1; --"],
    ["name = 'x'' OR ''1''=''1"],
    [`"name" = 'x' UNION SELECT * FROM t`],
    [`"name"" = 1 OR ""ok" = 'x'`],
    ["size IN (1); DELETE FROM t; SELECT (1)"],
    ["ok OR (SELECT TRUE)"],
    ["size = 1 /**/ OR TRUE"],
    ["name = $$x$$"],
  ])("%s is refused", (filter) => {
    expect(compileFilter(filter, types).ok).toBe(false);
  });

  test.each([
    "x'; DROP TABLE t; --",
    "' OR ''='",
    "\\'; DELETE FROM t; --",
    "a\0'; DROP TABLE t; --",
    "\n'\n--",
  ])("the string %j is only a text", async (text) => {
    await connection.run("INSERT INTO t VALUES ($1, 7, NULL)", [text]);
    expect(await count(`name = '${text.replaceAll("'", "''")}'`)).toBe(1);
    await connection.run("DELETE FROM t WHERE size = 7");
    expect(await count("TRUE")).toBe(3);
  });
});

async function count(text: string): Promise<number> {
  const filter = compileFilter(text, types);
  if (!filter.ok) throw new Error(JSON.stringify(filter.problems));
  const condition = printFilter(filter.value, { column: columnSql, literal: quotedLiteral });
  const result = await connection.runAndReadAll(`SELECT count(*) FROM t WHERE ${condition}`);
  return Number(result.getRowsJS()[0]?.[0]);
}
