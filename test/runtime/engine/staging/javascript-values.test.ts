import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const maybe = (type: string, more: object = {}) => ({ type: [type, "null"], ...more });
const list = (items: object) => maybe("array", { items });
const map = (values: object) => maybe("object", { additionalProperties: values });
const columns = {
  id: text,
  constructor: maybe("string"),
  doubles: list({ type: "number" }),
  integers: list({ type: "integer" }),
  bigints: list({ type: "integer", format: "int64" }),
  counts: map({ type: "integer" }),
  times: map({ type: "string", format: "date-time" }),
  box: maybe("object", { properties: { x: { type: "number" }, valueOf: { type: "string" } } }),
  at: maybe("string", { format: "date-time" }),
  day: maybe("string", { format: "date" }),
  j: {},
};
const Row = loadFeature([buildSpec("row", { columns, ids: ["id"] })], "row");
const versions = { metaxy_provenance_by_field: { default: "1" } };

async function stored(given: object): Promise<Record<string, unknown>> {
  await using store = await openStore(":memory:");
  await store.write(Row, untyped([{ id: "a", ...versions, ...given }]));
  const [row] = await store.read(Row).toArray();
  return row as unknown as Record<string, unknown>;
}

class Point {
  x = 1;
  get y(): number {
    return 2;
  }
}
const inherited: unknown = Object.create({ x: 1 });
const circle: Record<string, unknown> = {};
circle["self"] = circle;

describe("values from JavaScript", () => {
  it.each<[column: string, given: unknown, value: unknown]>([
    ["doubles", new Float32Array([0.1, 2]), [Math.fround(0.1), 2]],
    ["doubles", new Float64Array([0.1, Number.NaN]), [0.1, Number.NaN]],
    ["doubles", new Int16Array([-3]), [-3]],
    ["integers", new Uint32Array([4_294_967_295]), [4_294_967_295]],
    ["integers", Buffer.from([1, 255]), [1, 255]],
    ["integers", new BigInt64Array([5n]), [5]],
    ["bigints", new BigInt64Array([-(2n ** 63n), 1n]), [-(2n ** 63n), 1n]],
    ["bigints", new Int8Array([-1]), [-1n]],
    ["counts", new Map([["k", 1]]), { k: 1 }],
    ["counts", new Map(), {}],
    ["counts", { __proto__: null, k: 1 }, { k: 1 }],
    ["counts", runInNewContext("({ k: 1 })"), { k: 1 }],
    ["times", new Map([["k", new Date("2026-01-31T00:00:00Z")]]), { k: "2026-01-31T00:00:00.000000Z" }],
    ["box", { x: 1 }, { x: 1, valueOf: null }],
    ["j", new Map<string, unknown>([["k", new Map([["m", new Float32Array([0.5])]])]]), { k: { m: [0.5] } }],
    ["j", [new Date("2026-01-31T00:00:00Z"), undefined], ["2026-01-31T00:00:00.000Z", null]],
    ["j", { a: undefined, url: new URL("https://a.b/") }, { url: "https://a.b/" }],
    [
      "j",
      { n: 2 ** 60, e: 1e300, huge: 123456789012345670000 },
      { n: 2 ** 60, e: 1e300, huge: 123456789012345670000 },
    ],
    ["j", JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"a": 1}}')],
  ])("%s takes %o", async (column, given, value) => {
    const row = await stored({ [column]: given });
    expect(row[column]).toEqual(value);
    expect(row["constructor"]).toBeNull();
  });

  it.each<[column: string, given: unknown, message: RegExp]>([
    ["doubles", new Set([1]), /doubles is a Set, and DOUBLE\[\] expects an array or a typed array/],
    ["doubles", new DataView(new ArrayBuffer(8)), /is a DataView/],
    ["doubles", new BigInt64Array([1n]), /doubles\[0\] is the bigint 1/],
    ["doubles", [1, "2"], /doubles\[1\] is the string "2"/],
    ["integers", new Float32Array([1, 1.5]), /integers\[1\] is the number 1.5/],
    ["bigints", new BigUint64Array([2n ** 63n]), /bigints\[0\] is the bigint 9223372036854775808/],
    ["counts", new Map([[1, 1]]), /the number 1, and a key of MAP\(VARCHAR, BIGINT\) expects a string/],
    ["counts", new Map([["k", 1.5]]), /counts\["k"\] is the number 1.5/],
    ["counts", new Set(["k"]), /counts is a Set, and MAP\(VARCHAR, BIGINT\) expects a plain object or a Map/],
    ["counts", new Date(), /counts is a Date, and MAP/],
    ["counts", [1], /counts is an array/],
    ["counts", { "\ud800": 1 }, /surrogate/],
    ["box", new Map([["x", 1]]), /box is a Map, and STRUCT.* expects a plain object/],
    ["box", new Point(), /box is a Point, and STRUCT/],
    ["box", inherited, /box is an object, and STRUCT.* expects a plain object/],
    ["box", { x: "1" }, /box\.x is the string "1"/],
    ["at", "2026-01-31T12:00:00.1234567Z", /finer than a microsecond: cut it to six digits/],
    ["at", new Date(Number.NaN), /at is an invalid Date/],
    ["at", new Date("+012026-01-31T12:00:00Z"), /at is not within the years 0 to 9999/],
    ["at", "9999-12-31T23:59:59-01:00", /years 0 to 9999/],
    ["at", "2026-01-31T24:00:00Z", /TIMESTAMPTZ expects a time/],
    ["day", new Date("+012026-01-31T12:00:00Z"), /day is a Date, and DATE expects a date/],
    ["j", { a: [1, Number.NaN] }, /j\.a\[1\] is the number NaN, and JSON expects finite numbers/],
    ["j", Number.POSITIVE_INFINITY, /j is the number Infinity/],
    ["j", new Set([1]), /j is a Set, and JSON expects plain objects/],
    ["j", { p: new Point() }, /j\.p is a Point/],
    ["j", [inherited], /j\[0\] is an object, and JSON expects plain objects/],
    ["j", { f: () => 1 }, /j\.f is a function/],
    ["j", { "a b": 1n }, /j\["a b"\] is the bigint 1.*string/],
    ["j", "\ud800", /surrogate/],
    ["j", { "\udc00": 1 }, /surrogate/],
    ["j", circle, /holds itself/],
    ["j", { d: new Date(Number.NaN) }, /j\.d is an invalid Date/],
  ])("%s refuses %o", async (column, given, message) => {
    const refusal = await refusalOf(stored({ [column]: given }));
    expect(refusal.message).toMatch(message);
    expect(refusal.message).toMatch(/^Row 1 of row \(id "a"\): /);
  });

  it.each([[new Point()], [new Map([["id", "a"]])], [["a"]], [inherited]])(
    "are plain objects by row, not %o",
    async (row) => {
      await using store = await openStore(":memory:");
      const refusal = await refusalOf(store.write(Row, untyped([row])));
      expect(refusal.message).toBe("Row 1 of row is not a plain object: copy its properties into one.");
    },
  );
});
