import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { scalarNames, scalarTypes } from "../../../runtime/columns/scalar-types.ts";
import { duckdbValues } from "../../../runtime/dialect/duckdb-values.ts";
import { Session } from "../../../runtime/duckdb/session.ts";
import { duckdbTypes, storedTypeOf } from "../../../runtime/duckdb/stored-type.ts";

async function openSession(): Promise<Session> {
  return new Session(await (await DuckDBInstance.create(":memory:")).connect(), "test");
}

describe("the types of columns as DuckDB reports them", () => {
  it.each(scalarNames)("%s has its storage in a table, and in a stage", async (name) => {
    const session = await openSession();
    const stored = { kind: "scalar", name: scalarTypes[name].storage };
    await session.run(`CREATE TABLE t (c ${duckdbValues.scalars[name].type})`);
    expect((await session.columnsOf("t"))?.get("c")).toMatchObject(stored);
    expect(storedTypeOf(duckdbTypes[scalarTypes[name].storage])).toMatchObject(stored);
  });

  it("are taken apart, JSON at every depth too", async () => {
    const session = await openSession();
    await session.run(`CREATE TEMP TABLE t AS SELECT '1'::JSON AS a, ['1'::JSON] AS b,
      {'x y': '1'::JSON, 'z': 1::UTINYINT} AS c, MAP {'k': [1.5]} AS d, 'a'::ENUM('a', 'b') AS e, [1, 2]::INTEGER[2] AS f,
      NULL AS g, [] AS h, MAP {} AS i, '12:00:00+01'::TIMETZ AS j`);
    const columns = await session.columnsOf("t");
    expect([...(columns ?? [])].map(([name, { kind, text }]) => `${name} ${kind} ${text}`)).toEqual([
      "a json JSON",
      "b list JSON[]",
      'c struct STRUCT("x y" JSON, "z" UTINYINT)',
      "d map MAP(VARCHAR, DECIMAL(2,1)[])",
      "e enum ENUM('a', 'b')",
      "f list INTEGER[2]",
      "g scalar INTEGER",
      "h list INTEGER[]",
      "i map MAP(INTEGER, INTEGER)",
      "j other TIME WITH TIME ZONE",
    ]);
    expect(columns?.get("d")).toMatchObject({
      values: { items: { kind: "decimal", precision: 2, scale: 1 } },
    });
    expect(columns?.get("f")).toMatchObject({ items: { kind: "scalar", name: "int32" }, length: 2 });
  });

  it("are undefined where there is no table", async () => {
    expect(await (await openSession()).columnsOf("nothing")).toBeUndefined();
  });
});
