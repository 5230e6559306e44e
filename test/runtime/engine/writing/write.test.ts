import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { Store } from "../../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

const kinds = buildSpec("kinds", {
  columns: {
    id: text,
    n: { type: "integer", minimum: 0 },
    big: { type: ["integer", "null"], format: "int64" },
    ratio: { type: ["number", "null"] },
    ok: { type: ["boolean", "null"] },
    at: { type: ["string", "null"], format: "date-time" },
    day: { type: ["string", "null"], format: "date" },
    uuid: { type: ["string", "null"], format: "uuid" },
    tags: { type: ["array", "null"], items: { type: "string" } },
    box: { type: ["object", "null"], properties: { x: { type: "number" }, label: { type: "string" } } },
    counts: { type: ["object", "null"], additionalProperties: { type: "integer" } },
    free: { anyOf: [{ type: "string" }, { type: "number" }, { type: "null" }] },
    color: { type: ["string", "null"], enum: ["red", "green", null] },
    note: { ...maybeText, maxLength: 5, pattern: "^[a-z]+$" },
  },
  ids: ["id"],
  fields: ["x", "y/z"],
});
const Kinds = loadFeature([kinds], "kinds");
const versions = { metaxy_provenance_by_field: { x: "p1", y_z: "p2" } };
const row = (id: string, more: object = {}) => ({ id, n: 1, ...versions, ...more });

const write = (store: Store, rows: unknown, options?: { materializationId: string }) =>
  store.write(Kinds, untyped(rows), options);
const read = async (store: Store) =>
  (await store.read(Kinds).toArray()) as unknown as Record<string, unknown>[];

describe("write", () => {
  it("brings every kind of value there and back", async () => {
    await using store = await openStore(":memory:");
    const values = {
      big: 9_007_199_254_740_993n,
      ratio: 0.1,
      ok: false,
      at: "2026-01-31T12:00:00.123456Z",
      day: "2026-01-31",
      uuid: "6f1b2c3d-0000-4000-8000-00000000abcd",
      tags: ["a", "", "ü🎧"],
      box: { x: 1.5, label: "l" },
      counts: { a: 1, b: 2 },
      free: "text",
      color: "red",
      note: "abc",
    };
    await write(store, [row("full", values), row("empty")]);
    const [empty, full] = await read(store);
    expect(full).toMatchObject({ id: "full", n: 1, ...values });
    for (const column of Object.keys(values)) expect(empty?.[column]).toBeNull();
  });

  it("takes Date for times and dates, and other offsets than UTC", async () => {
    await using store = await openStore(":memory:");
    const at = new Date("2026-01-31T12:00:00.123Z");
    await write(store, [row("a", { at, day: at }), row("b", { at: "2026-01-31T13:00:00+01:00" })]);
    expect(await read(store)).toMatchObject([
      { at: "2026-01-31T12:00:00.123000Z", day: "2026-01-31" },
      { at: "2026-01-31T12:00:00.000000Z" },
    ]);
  });

  it("fills in system columns: created is kept, updated moves, a later write wins", async () => {
    await using store = await openStore(":memory:", { project: { name: "p", version: "v7" } });
    await write(store, [row("a")], { materializationId: "run-1" });
    const [first] = await read(store);
    expect(first).toMatchObject({
      metaxy_provenance_by_field: { x: "p1", y_z: "p2" },
      metaxy_data_version_by_field: { x: "p1", y_z: "p2" },
      metaxy_feature_version: Kinds.featureVersion,
      metaxy_project_version: "v7",
      metaxy_materialization_id: "run-1",
      metaxy_deleted_at: null,
    });
    expect(first?.["metaxy_data_version"]).toBe(first?.["metaxy_provenance"]);
    for (let n = 2; n < 30; n++) await write(store, [row("a", { n })]);
    const [last] = await read(store);
    expect(last?.["n"]).toBe(29);
    expect(last?.["metaxy_created_at"]).toBe(first?.["metaxy_created_at"]);
    expect(String(last?.["metaxy_updated_at"]) > String(first?.["metaxy_updated_at"])).toBe(true);
  });

  it("takes rows from a query, with parameters, and from an async iterable", async () => {
    await using store = await openStore(":memory:");
    const sql = `SELECT 'q' || i AS id, i::INTEGER AS n, [$1] AS tags,
      {'x': 'p', 'y_z': 'q'} AS metaxy_provenance_by_field FROM range(3) AS r(i)`;
    expect(await write(store, { sql, params: ["t'"] })).toEqual({ rows: 3, superseded: 0 });
    async function* rows() {
      for (let n = 0; n < 5000; n++) yield row(`r${n}`);
    }
    expect((await write(store, rows())).rows).toBe(5000);
    expect(await read(store)).toHaveLength(5003);
    expect((await read(store))[0]).toMatchObject({ id: "q0", n: 0, tags: ["t'"] });
  });

  it("keeps what was written when the store is opened again", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await write(store, [row("a")]);
    }
    await using store = await openStore(path, { readOnly: true });
    expect(await read(store)).toMatchObject([{ id: "a" }]);
  });

  it("adds columns and fields that were declared since, and leaves what is no longer declared", async () => {
    const path = await freshPath();
    const before = loadFeature(
      [buildSpec("grow", { columns: { id: text, old: text }, ids: ["id"], fields: ["x"] })],
      "grow",
    );
    const after = loadFeature(
      [buildSpec("grow", { columns: { id: text, added: maybeText }, ids: ["id"], fields: ["x", "y"] })],
      "grow",
    );
    await using store = await openStore(path);
    await store.write(before, untyped([{ id: "a", old: "o", metaxy_provenance_by_field: { x: "1" } }]));
    await store.write(
      after,
      untyped([{ id: "a", added: "n", metaxy_provenance_by_field: { x: "1", y: "2" } }]),
    );
    expect(await store.read(after).toArray()).toMatchObject([{ id: "a", added: "n" }]);
    expect(await store.read(before).toArray()).toMatchObject([
      { id: "a", old: "o", metaxy_provenance_by_field: { x: "1" } },
    ]);
    const old = store.read(after, { featureVersion: before.featureVersion });
    expect(await old.toArray()).toMatchObject([
      { id: "a", added: null, metaxy_provenance_by_field: { x: "1", y: null } },
    ]);
  });

  it("reads chosen columns, filtered", async () => {
    await using store = await openStore(":memory:");
    await write(store, [row("a", { n: 1 }), row("b", { n: 2 }), row("c", { n: 3 })]);
    const rows = await store
      .read(Kinds, { columns: untyped(["n"]), filters: ["n >= 2", "id != 'c'"] })
      .toArray();
    expect(rows).toMatchObject([{ n: 2 }]);
    expect(Object.keys(rows[0] ?? {})).not.toContain("id");
    expect(() => store.read(Kinds, { columns: untyped(["m"]) })).toThrow(/no column "m"/);
    expect(() => store.read(Kinds, { filters: "m = 1" })).toThrow(/n/);
  });
});

describe("write refuses, and writes nothing of the call", () => {
  const cases: readonly [name: string, rows: unknown, code: string, message: RegExp][] = [
    [
      "a column that is not declared",
      [row("a", { nn: 1 })],
      "undeclared-column",
      /Row 1 of kinds has "nn".*Declared: id, n/,
    ],
    [
      "a text for an integer",
      [row("a", { n: "1" })],
      "wrong-type",
      /Row 1 of kinds \(id "a"\): n is the string "1", and BIGINT/,
    ],
    ["a fraction for an integer", [row("a", { n: 1.5 })], "wrong-type", /n is the number 1.5/],
    ["an integer that would lose digits", [row("a", { n: 2 ** 53 })], "unsafe-integer", /int64/],
    ["a bigint beyond 64 bits", [row("a", { big: 2n ** 63n })], "wrong-type", /64 bits/],
    ["a number for a text", [row("a", { note: 1 })], "wrong-type", /VARCHAR expects a string/],
    ["a bad date", [row("a", { day: "2026-02-30" })], "wrong-type", /DATE/],
    ["a time without offset", [row("a", { at: "2026-01-31T12:00:00" })], "wrong-type", /TIMESTAMPTZ/],
    ["a bad UUID", [row("a", { uuid: "x" })], "wrong-type", /UUID/],
    ["half a surrogate pair", [row("a", { note: "\ud800" })], "wrong-type", /surrogate/],
    ["an undeclared member of a struct", [row("a", { box: { y: 1 } })], "wrong-type", /member "y"/],
    [
      "a broken minimum",
      [row("a"), row("b", { n: -1 })],
      "constraint-violated",
      /Row 2 of kinds \(id "b"\): n \(-1\).*minimum/,
    ],
    ["a broken pattern", [row("a", { note: "A" })], "constraint-violated", /note \(A\).*pattern/],
    ["a text that is too long", [row("a", { note: "abcdef" })], "constraint-violated", /maxLength/],
    ["a value outside an enum", [row("a", { color: "blue" })], "constraint-violated", /enum/],
    ["a missing required column", [{ id: "a", ...versions }], "missing-column", /n is missing or null/],
    ["an id of null", [row("a", { id: null })], "null-id", /id is missing or null/],
    ["one id twice", [row("a"), row("b"), row("a")], "duplicate-id", /id = a/],
    ["no provenance", [{ id: "a", n: 1 }], "missing-provenance", /x, y_z/],
    [
      "a field without provenance",
      [row("a", { metaxy_provenance_by_field: { x: "1" } })],
      "missing-provenance",
      /x, y_z/,
    ],
    [
      "a field too many",
      [row("a", { metaxy_provenance_by_field: { x: "1", y_z: "2", z: "3" } })],
      "wrong-type",
      /"z"/,
    ],
    ["a row that is no object", ["a"], "wrong-type", /Row 1 of kinds is not an object/],
    ["what is no list of rows", 7, "wrong-type", /array/],
    ["a query that fails", { sql: "SELECT * FROM nowhere" }, "wrong-sql", /nowhere/],
    [
      "a query with a column too many",
      { sql: "SELECT 'a' AS id, 1 AS n, 2 AS nn" },
      "undeclared-column",
      /"nn"/,
    ],
    ["a query without a required column", { sql: "SELECT 'a' AS id" }, "missing-column", /"n"/],
    [
      "a query whose cast would round",
      { sql: "SELECT 'a' AS id, 1.5 AS n" },
      "wrong-type",
      /DECIMAL.*BIGINT/,
    ],
    [
      "a query whose struct lacks a field",
      { sql: "SELECT 'a' AS id, 1 AS n, {'x': 'p'} AS metaxy_provenance_by_field" },
      "missing-provenance",
      /x, y_z/,
    ],
    [
      "a query with an integer that would lose digits",
      {
        sql: "SELECT 'a' AS id, 9007199254740993 AS n, {'x': 'p', 'y_z': 'q'} AS metaxy_provenance_by_field",
      },
      "unsafe-integer",
      /int64/,
    ],
  ];
  for (const [name, rows, code, message] of cases) {
    it(name, async () => {
      await using store = await openStore(":memory:");
      await expect(write(store, rows)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(await read(store)).toEqual([]);
    });
  }

  it("rows of an iterable that breaks off after many", async () => {
    await using store = await openStore(":memory:");
    function* rows() {
      for (let n = 0; n < 300_000; n++) yield row(`r${n}`);
      throw new Error("the worker died");
    }
    await expect(write(store, rows())).rejects.toThrow("the worker died");
    expect(await read(store)).toEqual([]);
    await write(store, [row("a")]);
    expect(await read(store)).toHaveLength(1);
  });
});

describe("several writers of one process", () => {
  it("all get their rows in", async () => {
    await using store = await openStore(await freshPath());
    const twenty = Array.from({ length: 20 }, (_, n) => write(store, [row(`w${n}`)]));
    await Promise.all(twenty);
    expect(await read(store)).toHaveLength(20);
  });

  it("through two stores on one file too, named differently", async () => {
    const path = await freshPath();
    const one = await openStore(path);
    const two = await openStore(path.replace("/store.duckdb", "/./store.duckdb"));
    await write(one, [row("a")]);
    await write(two, [row("b")]);
    await one.close();
    await write(two, [row("c")]);
    await two.close();
    await using again = await openStore(path);
    expect((await read(again)).map((found) => found["id"])).toEqual(["a", "b", "c"]);
  });
});
