import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const maybe = (type: string, more: object = {}) => ({ type: [type, "null"], ...more });
const list = (items: object) => maybe("array", { items });
const map = (values: object) => maybe("object", { additionalProperties: values });
const object = (properties: object, required: readonly string[] = []) =>
  maybe("object", { properties, required });
const integer = { type: "integer" };
const int64 = { type: "integer", format: "int64" };
const number = { type: "number" };
const date = { type: "string", format: "date" };
const time = { type: "string", format: "date-time" };
const uuid = { type: "string", format: "uuid" };
const columns = {
  id: text,
  t: maybe("string"),
  n: maybe("integer"),
  big: maybe("integer", { format: "int64" }),
  x: maybe("number"),
  day: maybe("string", { format: "date" }),
  at: maybe("string", { format: "date-time" }),
  u: maybe("string", { format: "uuid" }),
  ln: list(integer),
  lt: list(text),
  lx: list(number),
  lday: list(date),
  mn: map(integer),
  mat: map(time),
  o: object({ a: maybe("integer"), b: maybe("string") }),
  oo: list(object({ at: time, big: int64, inner: map(list(uuid)) })),
  j: {},
};
const Row = loadFeature([buildSpec("row", { columns, ids: ["id"] })], "row");

const query = (column: string, sql: string, more = "") =>
  `SELECT 'a' AS id, ${sql} AS ${column}, {'default': '1'} AS metaxy_provenance_by_field${more}`;
const write = (store: Store, sql: string) => store.write(Row, untyped({ sql }));
async function stored(column: string, sql: string): Promise<unknown> {
  await using store = await openStore(":memory:");
  await write(store, query(column, sql));
  const [row] = (await store.read(Row).toArray()) as unknown as Record<string, unknown>[];
  return row?.[column];
}

describe("a query's rows come in where their types hold the same values", () => {
  it.each([
    ["t", "'x'::ENUM('x', 'y')", "x"],
    ["t", "NULL", null],
    ["n", "7::UTINYINT", 7],
    ["n", "9007199254740991::HUGEINT", 9007199254740991],
    ["big", "9223372036854775807::UBIGINT", 9223372036854775807n],
    ["x", "0.1", 0.1],
    ["x", "0.1::FLOAT", Math.fround(0.1)],
    ["x", "0.30000000000000004::DECIMAL(17, 17)", 0.30000000000000004],
    ["x", "0.1::DECIMAL(38, 20)", 0.1],
    ["x", "1152921504606846976::BIGINT", 2 ** 60],
    ["x", "9007199254740992::HUGEINT", 2 ** 53],
    ["big", "NULL::HUGEINT", null],
    ["day", "NULL::VARCHAR", null],
    ["at", "NULL::VARCHAR", null],
    ["day", "'2026-01-31'", "2026-01-31"],
    ["at", "'2026-01-31t12:00:00.123456+01:00'", "2026-01-31T11:00:00.123456Z"],
    ["at", "'2026-01-31T12:00:00.120000000Z'", "2026-01-31T12:00:00.120000Z"],
    ["at", "TIMESTAMP_NS '2026-01-31 12:00:00.123456'", "2026-01-31T12:00:00.123456Z"],
    ["at", "TIMESTAMP_S '2026-01-31 12:00:00'", "2026-01-31T12:00:00.000000Z"],
    ["at", "DATE '9999-12-31'", "9999-12-31T00:00:00.000000Z"],
    ["u", "'6F1B2C3D-0000-4000-8000-00000000ABCD'", "6f1b2c3d-0000-4000-8000-00000000abcd"],
    ["ln", "[1::TINYINT, 2]", [1, 2]],
    ["ln", "[1, 2]::INTEGER[2]", [1, 2]],
    ["ln", "NULL", null],
    ["lt", "[]", []],
    ["lx", "[0.5, 2]", [0.5, 2]],
    ["lx", "[1.5]::FLOAT[]", [1.5]],
    ["lday", "['2026-01-31']", ["2026-01-31"]],
    ["mn", "MAP {}", {}],
    ["mn", "MAP {'k': 1}", { k: 1 }],
    ["mat", "MAP {'k': '2026-01-31T12:00:00Z'}", { k: "2026-01-31T12:00:00.000000Z" }],
    ["o", "{'b': 'x', 'a': 1::SMALLINT}", { a: 1, b: "x" }],
    ["o", "{'b': 'x'}", { a: null, b: "x" }],
    ["oo", "[]", []],
    ["oo", "[{'at': NULL, 'big': 1, 'inner': MAP {}}]", [{ at: null, big: 1n, inner: {} }]],
    [
      "oo",
      "[{'inner': MAP {'k': ['6f1b2c3d-0000-4000-8000-00000000abcd']}}]",
      [{ at: null, big: null, inner: { k: ["6f1b2c3d-0000-4000-8000-00000000abcd"] } }],
    ],
    ["j", "'{\"a\": [1, 1.5]}'", { a: [1, 1.5] }],
    ["j", "{'a': [1, NULL], 'b': 'x'}", { a: [1, null], b: "x" }],
    ["j", "'null'::JSON", null],
  ])("%s takes %s", async (column, sql, value) => {
    expect(await stored(column, sql)).toEqual(value);
  });
});

describe("a query's rows are refused where a cast would change a value", () => {
  it.each([
    ["ln", "[1.5, 2.5]", "wrong-type", /^ln\[…\] of rows for row is DECIMAL\(2,1\), .*BIGINT/],
    ["ln", "['1', '2']", "wrong-type", /ln.* is VARCHAR/],
    ["mn", "MAP {'k': 1.7}", "wrong-type", /^mn\[…\].* is DECIMAL/],
    ["mn", "MAP {1: 1}", "wrong-type", /mn .*MAP\(VARCHAR, BIGINT\)/],
    ["mn", "{'k': 1}", "wrong-type", /^mn .*STRUCT/],
    ["o", "{'a': 1.7}", "wrong-type", /^o\.a .*DECIMAL/],
    ["o", "{'a': 1, 'extra': 9}", "wrong-type", /^o of rows for row has the member "extra"/],
    ["o", "{'A': 1}", "wrong-type", /has the member "A"/],
    ["o", "MAP {'a': '1'}", "wrong-type", /^o .*MAP/],
    ["o", "'{}'::JSON", "wrong-type", /^o .*JSON/],
    ["t", "7", "wrong-type", /^Row 1 of row \(id "a"\): t \(7\) is INTEGER/],
    ["lt", "[7]", "wrong-type", /^Row 1 of row \(id "a"\): lt\[0\] \(7\) is INTEGER/],
    ["n", "9007199254740992", "unsafe-integer", /n \(9007199254740992\) is beyond 2\^53.*int64/],
    ["n", "18446744073709551615::UHUGEINT", "unsafe-integer", /beyond 2\^53/],
    ["ln", "[1, -9007199254740993]", "unsafe-integer", /ln\[1\] \(-9007199254740993\) is beyond/],
    ["mn", "MAP {'a': 1, 'k': 9007199254740993}", "unsafe-integer", /mn\["k"\]/],
    ["o", "{'a': 9007199254740993}", "unsafe-integer", /o\.a/],
    ["big", "9223372036854775808::HUGEINT", "wrong-type", /big.*64 bits/],
    ["big", "18446744073709551615::UBIGINT", "wrong-type", /big.*64 bits/],
    ["x", "9007199254740993::BIGINT", "wrong-type", /x .*would lose digits/],
    ["x", "9007199254740993::UBIGINT", "wrong-type", /would lose digits/],
    ["x", "170141183460469231731687303715884105727::HUGEINT", "wrong-type", /would lose digits/],
    ["x", "0.12345678901234567::DECIMAL(38, 20)", "wrong-type", /would lose digits/],
    ["lx", "[1, 9007199254740993]", "wrong-type", /lx\[1\].*would lose digits/],
    [
      "day",
      "'01/02/2026'",
      "wrong-type",
      /^Row 1 of row \(id "a"\): day \(01\/02\/2026\) is not a date such as/,
    ],
    ["day", "'2026-1-5'", "wrong-type", /day/],
    ["day", "'2026-02-30'", "wrong-type", /day/],
    ["day", "'infinity'::DATE", "wrong-type", /day \(infinity\) is infinite/],
    ["day", "DATE '10000-01-01'", "wrong-type", /years 0 to 9999/],
    ["lday", "['2026-01-31', '2026-1-5']", "wrong-type", /lday\[1\] \(2026-1-5\)/],
    ["at", "'2026-01-31 12:00:00'", "wrong-type", /at .*is not a time such as/],
    ["at", "'2026-01-31T12:00:00.1234567Z'", "wrong-type", /microseconds/],
    ["at", "'infinity'::TIMESTAMPTZ", "wrong-type", /at .*infinite/],
    ["at", "'-infinity'::TIMESTAMP", "wrong-type", /at .*infinite/],
    ["at", "TIMESTAMP '290000-01-01'", "wrong-type", /years 0 to 9999/],
    ["at", "DATE '300000-01-01'", "wrong-type", /years 0 to 9999/],
    ["at", "TIMESTAMP_S '290000-01-01 00:00:00'", "wrong-type", /years 0 to 9999/],
    ["at", "TIMESTAMP_NS '2026-01-31 12:00:00.123456789'", "wrong-type", /microsecond/],
    ["at", "'infinity'::TIMESTAMP_NS", "wrong-type", /infinite/],
    ["mat", "MAP {'k': '9999-12-31T23:59:59-01:00'}", "wrong-type", /mat\["k"\].*years 0 to 9999/],
    ["u", "'6f1b2c3d00004000800000000000abcd'", "wrong-type", /u .*is not a UUID/],
    ["oo", "[{'big': 1}, {'big': 1, 'odd': 1}]", "wrong-type", /oo\[…\].*"odd"/],
    ["oo", "[{'inner': MAP {'k': ['x']}}]", "wrong-type", /oo\[0\]\.inner\["k"\]\[0\] \(x\) is not a UUID/],
    ["j", "'{\"a\": '", "wrong-type", /j .*is not JSON/],
    ["j", "'\"\\ud800\"'", "wrong-type", /j .*is not JSON/],
    ["j", "'[1,]'::JSON", "wrong-type", /j .*is not JSON/],
    ["j", "['nan'::DOUBLE]", "wrong-type", /j .*is not JSON/],
    ["j", "'{\"id\": 9007199254740993}'::JSON", "unsafe-integer", /j .*beyond 2\^53/],
    ["j", "'[1e400]'::JSON", "unsafe-integer", /j/],
    ["j", "now()", "wrong-type", /^j .*TIMESTAMP WITH TIME ZONE/],
  ])("%s refuses %s", async (column, sql, code, message) => {
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(write(store, query(column, sql)));
    expect(refusal.message).toMatch(message);
    expect(refusal.code).toBe(code);
    expect(await store.read(Row).toArray()).toEqual([]);
  });
});

describe("a query", () => {
  it.each([";", " ; -- done\n", ";\n/* ; */ ;"])("may end with %j", async (end) => {
    await using store = await openStore(":memory:");
    await write(store, query("t", "'; -- ' || \"t\" || $$;$$", ` FROM (SELECT E'\\';' AS t)${end}`));
    expect(await store.read(Row).toArray()).toMatchObject([{ t: "; -- ';;" }]);
  });

  it("is one query", async () => {
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(write(store, `${query("t", "'x'")}; DROP TABLE row`));
    expect(refusal.message).toMatch(/several statements/);
  });

  it.each([
    ["{'default': 5}", /STRUCT with one VARCHAR per field \(default\).*STRUCT\("default" INTEGER\)/],
    ["{'default': '1', 'odd': '2'}", /STRUCT/],
    ["MAP {'default': '1', 'odd': '2'}", /key that is not a field/],
    ["MAP {'default': 5}", /MAP\(VARCHAR, INTEGER\)/],
    ['\'{"default": "1"}\'::JSON', /it is JSON/],
    ["'1'", /it is VARCHAR/],
    ["MAP {'default': NULL::VARCHAR}", /one string for each field/],
  ])("gives provenance of texts, not %s", async (provenance, message) => {
    await using store = await openStore(":memory:");
    const sql = `SELECT 'a' AS id, ${provenance} AS metaxy_provenance_by_field`;
    const refusal = await refusalOf(write(store, sql));
    expect(refusal.code).toBe("missing-provenance");
    expect(refusal.message).toMatch(message);
  });

  it("may give provenance as a MAP, and computed columns, which are made anew", async () => {
    await using store = await openStore(":memory:");
    const provenance = "MAP {'default': '1'} AS metaxy_provenance_by_field";
    await write(
      store,
      `SELECT 'a' AS id, ${provenance}, 'old' AS metaxy_feature_version, now() AS metaxy_updated_at`,
    );
    expect(await store.read(Row).toArray()).toMatchObject([{ metaxy_feature_version: Row.featureVersion }]);
  });

  it("does not misspell a system column", async () => {
    await using store = await openStore(":memory:");
    const sql = `${query("t", "'x'")}, {'default': '1'} AS metaxy_data_version_by_feild`;
    expect((await refusalOf(write(store, sql))).code).toBe("undeclared-column");
  });
});
