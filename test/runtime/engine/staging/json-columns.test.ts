import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { runSql } from "../../../support/run-sql.ts";
import { untyped } from "../../../support/untyped.ts";

const columns = {
  id: text,
  free: {},
  listed: { enum: [1, 2, "x", null, [1, { a: "ü" }], { b: {} }] },
  either: { anyOf: [{ type: "string", maxLength: 2 }, { type: "integer" }, { type: "null" }] },
  one: { oneOf: [{ type: "integer", multipleOf: 2 }, { type: "integer", multipleOf: 3 }, { type: "null" }] },
  open: {
    type: ["object", "null"],
    properties: { kind: { type: "string" }, at: { type: "string", format: "date-time" } },
    required: ["kind"],
    additionalProperties: { type: "array", items: { type: ["number", "null"] }, uniqueItems: true },
  },
  maps: {
    type: ["array", "null"],
    items: {
      anyOf: [
        { type: "boolean" },
        { type: "object", properties: { "a/b~": { type: "number", minimum: 0 } } },
      ],
    },
  },
};
const Row = loadFeature([{ ...buildSpec("row", { columns, ids: ["id"] }), required: ["id"] }], "row");
const versions = { metaxy_provenance_by_field: { default: "1" } };

describe("a JSON column holds what its schema allows", () => {
  it.each<[column: string, value: unknown]>([
    ["listed", 2],
    ["listed", "x"],
    ["listed", [1, { a: "ü" }]],
    ["listed", { b: {} }],
    ["either", "ab"],
    ["either", 3],
    ["either", null],
    ["one", 4],
    ["one", 9],
    ["open", { kind: "a", k: [1, null, 0.5], at: "2026-01-31T12:00:00Z" }],
    ["maps", [true, { "a/b~": 1 }, {}]],
  ])("%s takes %j", async (column, value) => {
    await using store = await openStore(":memory:");
    await store.write(Row, untyped([{ id: "a", [column]: value, ...versions }]));
    expect(await store.read(Row).toArray()).toMatchObject([{ [column]: value }]);
  });

  it.each<[column: string, value: unknown, path: string, keyword: string]>([
    ["listed", 3, "listed", "enum"],
    ["listed", [1, { a: "u" }], "listed", "enum"],
    ["listed", [1, { a: "ü" }, 1], "listed", "enum"],
    ["listed", { b: {}, c: 1 }, "listed", "enum"],
    ["listed", { c: {} }, "listed", "enum"],
    ["either", "abc", "either", "anyOf"],
    ["either", 1.5, "either", "anyOf"],
    ["either", [], "either", "anyOf"],
    ["one", 6, "one", "oneOf"],
    ["one", 5, "one", "oneOf"],
    ["open", [], "open", "type"],
    ["open", { kind: 1 }, "open.kind", "type"],
    ["open", { kind: null }, "open.kind", "type"],
    ["open", { kind: "a", at: "yesterday" }, "open.at", "format"],
    ["open", { kind: "a", k: [1, "2"] }, 'open["k"][1]', "type"],
    ["open", { kind: "a", 'k "1"': 5 }, 'open["k \\"1\\""]', "type"],
    ["open", { kind: "a", k: [1, 1] }, 'open["k"]', "uniqueItems"],
    ["maps", [true, null], "maps[1]", "type"],
    ["maps", [true, 1], "maps[1]", "anyOf"],
    ["maps", [{ "a/b~": -1 }], "maps[0]", "anyOf"],
    ["maps", [{ a: 1 }], "maps[0]", "anyOf"],
  ])("%s refuses %j", async (column, value, path, keyword) => {
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(store.write(Row, untyped([{ id: "a", [column]: value, ...versions }])));
    expect(refusal.code).toBe("constraint-violated");
    expect(refusal.facts["path"]).toBe(path);
    expect(refusal.message).toMatch(keyword === "type" && /is null/.test(refusal.message) ? /null/ : keyword);
    const type = column === "maps" ? "JSON[]" : "JSON";
    const sql = `SELECT 'a' AS id, '${JSON.stringify(value)}'::JSON::${type} AS ${column}, {'default': '1'} AS metaxy_provenance_by_field`;
    expect((await refusalOf(store.write(Row, untyped({ sql })))).message).toBe(refusal.message);
  });

  it("needs its required members", async () => {
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(store.write(Row, untyped([{ id: "a", open: {}, ...versions }])));
    expect(refusal.message).toMatch(/open\.kind is null or missing, and must not be/);
  });
});

describe("numbers in JSON that JavaScript would read as others", () => {
  const same = [
    "9007199254740992",
    "-1152921504606846976",
    "1152921504606847000",
    "123456789012345670000",
    "1e300",
    "0.1234567890123456789",
    "0e999",
    '"9007199254740993 1e400"',
    '{"9007199254740993": "\\"1e400"}',
    "1e-300",
  ];
  const bent = [
    "9007199254740993",
    "-9223372036854775807",
    "90071992547409930",
    "1e400",
    "-1e999",
    "1e-400",
    "123456789012345678901234567890123456789012",
    '[{"a": [1, 9007199254740993]}]',
  ];

  it.each(same)("%s is taken, and reads as it is", async (json) => {
    await using store = await openStore(":memory:");
    await store.write(Row, untyped({ sql: query(json) }));
    expect(await store.read(Row).toArray()).toMatchObject([{ free: JSON.parse(json) }]);
  });

  it.each(bent)("%s is refused", async (json) => {
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(store.write(Row, untyped({ sql: query(json) })));
    expect(refusal.code).toBe("unsafe-integer");
    expect(refusal.message).toMatch(/^Row 1 of row \(id "a"\): free .*Write it as a string/);
  });

  it.each(bent)("%s that another program stored is an error on reading", async (json) => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Row, untyped([{ id: "a", free: "here", ...versions }]));
    }
    await runSql(path, `UPDATE "row" SET free = '${json}'::JSON`);
    await using store = await openStore(path);
    const refusal = await refusalOf(store.read(Row).toArray());
    expect(refusal.code).toBe("wrong-integer");
    expect(refusal.message).toMatch(/which JavaScript would read as/);
  });
});

function query(json: string): string {
  return `SELECT 'a' AS id, '${json}'::JSON AS free, {'default': '1'} AS metaxy_provenance_by_field`;
}
