import {
  DuckDBInstance,
  type DuckDBType,
  DuckDBVarCharType,
  LIST,
  MAP,
  STRUCT,
  VARCHAR,
} from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { columnTransition } from "../../../runtime/columns/column-transition.ts";
import { type ColumnType, parseColumn } from "../../../runtime/columns/column-type.ts";
import { duckdbValues } from "../../../runtime/dialect/duckdb-values.ts";
import { storedTypeOf } from "../../../runtime/duckdb/stored-type.ts";
import { valueType } from "../../../runtime/duckdb/transfer/create-stage.ts";
import { columnFit } from "../../../runtime/engine/tables/fit/column-fit.ts";

/** Judges a change of type, as `kept`, `kept if …` or `.b widened`. */
function classify(from: string, to: string, isId = false): string {
  const transition = columnTransition(parseColumn(from).type, parseColumn(to).type, { isId });
  const parts = transition.parts.map(({ path, verdict, provided }) =>
    [path, verdict, provided && "if"].filter(Boolean).join(" "),
  );
  return parts.length === 1 && parts[0]?.startsWith(transition.verdict)
    ? parts.join()
    : [transition.verdict, ...parts].join(", ");
}

const scalars = ["VARCHAR", "BIGINT", "INT64", "DOUBLE", "BOOLEAN", "TIMESTAMPTZ", "DATE", "UUID", "JSON"];

/** Stored type → a verdict for each declared type, in the order of `scalars`. */
const expected: Record<string, string> = {
  VARCHAR: "= keptIf keptIf refused keptIf keptIf keptIf keptIf widened",
  BIGINT: "widened = kept widened refused refused refused refused widened",
  INT64: "widened keptIf = widenedIf refused refused refused refused widenedIf",
  DOUBLE: "refused keptIf keptIf = refused refused refused refused widened",
  BOOLEAN: "widened refused refused refused = refused refused refused widened",
  TIMESTAMPTZ: "widened refused refused refused refused = keptIf refused refused",
  DATE: "widened refused refused refused refused widened = refused refused",
  UUID: "widened refused refused refused refused refused refused = refused",
  JSON: "widenedIf widenedIf widenedIf widenedIf widenedIf widenedIf widenedIf widenedIf =",
};

describe("columnTransition", () => {
  it.each(scalars)("judges %s under every declared type", (from) => {
    const verdicts = scalars.map((to) => {
      const { verdict, parts } = columnTransition(parseColumn(from).type, parseColumn(to).type);
      return parts.length === 0 ? "=" : verdict + (parts[0]?.provided === undefined ? "" : "If");
    });
    expect(verdicts.join(" ")).toBe(expected[from]);
  });

  it("goes into lists, maps and structs, and takes the strictest verdict of their parts", () => {
    expect(classify("BIGINT[]", "DOUBLE[]")).toBe("widened, [] widened");
    expect(classify("MAP(VARCHAR, DATE)", "MAP(VARCHAR, BOOLEAN)")).toBe("refused, {} refused");
    expect(classify('STRUCT("a" BIGINT)', 'STRUCT("a" BIGINT, "b" DOUBLE)')).toBe("widened, .b widened");
    expect(classify('STRUCT("a" BIGINT, "b" DOUBLE)', 'STRUCT("b" DOUBLE)')).toBe("kept, .a kept if");
    expect(classify('STRUCT("a" BIGINT, "b" DATE)[]', 'STRUCT("b" UUID, "a" DOUBLE, "c" DATE)[]')).toBe(
      "refused, [].b refused, [].a widened, [].c widened",
    );
    expect(classify('STRUCT("a" BIGINT, "b" DATE)', 'STRUCT("b" DATE, "a" BIGINT)')).toBe("kept");
  });

  it.each([
    ["BIGINT", "BIGINT[]"],
    ['STRUCT("a" BIGINT)', "MAP(VARCHAR, BIGINT)"],
    ["MAP(VARCHAR, BIGINT)", 'STRUCT("a" BIGINT)'],
    ['STRUCT("a" BIGINT)', "JSON"],
    ["VARCHAR[]", "VARCHAR"],
    ['STRUCT("a" BIGINT)', 'STRUCT("A" BIGINT)'],
  ])("refuses %s under %s", (from, to) => {
    expect(columnTransition(parseColumn(from).type, parseColumn(to).type).verdict).toBe("refused");
  });

  it("never changes the type of an id column", () => {
    expect(classify("BIGINT", "INT64", true)).toBe("kept");
    expect(classify("BIGINT", "VARCHAR", true)).toBe("refused");
    expect(classify("VARCHAR", "BIGINT", true)).toBe("refused");
    expect(classify("INT64", "BIGINT", true)).toBe("kept if");
    expect(classify("DATE", "TIMESTAMPTZ", true)).toBe("kept");
    expect(classify("DATE", "VARCHAR", true)).toBe("refused");
  });

  it("says of each part where it is, and why", () => {
    const { parts } = columnTransition(parseColumn("BIGINT").type, parseColumn("BOOLEAN").type);
    expect(parts).toEqual([
      { path: "", from: "BIGINT", to: "BOOLEAN", verdict: "refused", reason: "a BIGINT is not a BOOLEAN" },
    ]);
  });
});

/** Values of each type that are easily bent. */
const samples: Record<string, readonly string[]> = {
  BIGINT: ["0", "-1", "9007199254740991"],
  INT64: ["9223372036854775807", "-9223372036854775808"],
  DOUBLE: ["0.1", "1e300", "-2.5"],
  BOOLEAN: ["true", "false"],
  DATE: ["2026-01-31", "1969-12-31"],
  TIMESTAMPTZ: ["2026-01-31T12:00:00.123456Z", "1969-12-31T23:59:59.999999Z"],
  UUID: ["0e37df36-f698-11e6-8dd4-cb9ced3df976"],
};

describe("the verdicts in DuckDB", () => {
  const pairs = Object.keys(samples).flatMap((from) =>
    scalars
      .filter((to) => from !== to && to !== "JSON")
      .map((to) => [from, to, columnTransition(parseColumn(from).type, parseColumn(to).type)] as const),
  );

  it.each(pairs.filter(([, , { verdict, parts }]) => verdict === "widened" && !parts[0]?.provided))(
    "values of %s come back from %s as they were",
    async (from, to) => {
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      await connection.run("SET TimeZone = 'UTC'");
      for (const value of samples[from] ?? []) {
        const sql = `SELECT '${value}'::${from} = ('${value}'::${from})::${to}::${from} AS same`;
        expect((await connection.runAndReadAll(sql)).getRowObjects(), `${value} as ${to}`).toEqual([
          { same: true },
        ]);
      }
    },
  );

  it.each(pairs.filter(([, , { verdict }]) => verdict !== "refused"))(
    "a revert of %s to %s is never refused",
    (from, to) => {
      const back = columnTransition(parseColumn(to).type, parseColumn(from).type).verdict;
      expect(back).not.toBe("refused");
    },
  );
});

describe("what the diff says of a change of type", () => {
  const types = [
    ...scalars,
    "BIGINT[]",
    "DOUBLE[]",
    "MAP(VARCHAR, BIGINT)",
    "MAP(VARCHAR, DOUBLE)",
    'STRUCT("a" BIGINT)',
    'STRUCT("A" BIGINT)',
    'STRUCT("a" BIGINT, "b" VARCHAR)',
    'STRUCT("a" DOUBLE, "c" DATE)[]',
  ];

  it.each(types)("is what a store does with its own table: from %s", (from) => {
    for (const to of types) {
      for (const isId of [false, true]) {
        const [stored, declared] = [parseColumn(from).type, parseColumn(to).type];
        const fit = columnFit(duckdbValues, storedTypeOf(duckType(stored)), declared, { isId, isOwn: true });
        const { verdict } = columnTransition(stored, declared, { isId });
        expect([to, isId, verdict]).toEqual([to, isId, fit.verdict === "equal" ? "kept" : fit.verdict]);
      }
    }
  });
});

/** The type in which a store keeps a declared one. */
function duckType(type: ColumnType): DuckDBType {
  switch (type.kind) {
    case "json":
      return new DuckDBVarCharType("JSON");
    case "scalar":
      return valueType(type);
    case "list":
      return LIST(duckType(type.items));
    case "map":
      return MAP(VARCHAR, duckType(type.values));
    case "struct":
      return STRUCT(Object.fromEntries(type.members.map((member) => [member.name, duckType(member.type)])));
  }
}
