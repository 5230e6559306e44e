import fc from "fast-check";
import { text } from "./build-spec.ts";

/** A row of any values. */
export type Row = Readonly<Record<string, unknown>>;

const maybe = (type: string, more: object = {}) => ({ type: [type, "null"], ...more });
/** A column of each type, also within others. */
export const columns: Readonly<Record<string, object>> = {
  id: text,
  label: maybe("string"),
  n: maybe("integer"),
  big: maybe("integer", { format: "int64" }),
  ratio: maybe("number"),
  ok: maybe("boolean"),
  at: maybe("string", { format: "date-time" }),
  day: maybe("string", { format: "date" }),
  uuid: maybe("string", { format: "uuid" }),
  tags: maybe("array", { items: { type: ["string", "null"] } }),
  numbers: maybe("array", { items: { type: "integer" } }),
  times: maybe("array", { items: { type: "string", format: "date-time" } }),
  box: maybe("object", {
    properties: {
      x: { type: "number" },
      label: { type: "string" },
      inner: { type: "object", properties: { day: { type: "string", format: "date" } } },
    },
  }),
  boxes: maybe("array", { items: { type: "object", properties: { "a b": { type: "string" } } } }),
  counts: maybe("object", { additionalProperties: { type: ["integer", "null"] } }),
  free: {},
};
const odd = fc.constantFrom(
  ..."|\n|\r\n|\0|a\0b|\"|'|\\|,|NULL|null|[]|{}| |😀|e\u0301|\u2028|\ufffd|\ufdd0|__proto__".split("|"),
  "|",
);
/** What could be taken for what stands between or instead of the texts of a block, and what is too long for it. */
const hostile = fc.constantFrom("\x1e", "\x1d", "\x1d\x1e", "a\x1eb", "long ".repeat(200), "😀".repeat(129));
const mild = fc.oneof(
  odd,
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "grapheme-ascii", minLength: 20 }),
);
const wild = fc.oneof(odd, hostile, fc.string({ unit: "binary" }));

const time = fc
  .tuple(
    fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T00:00:00Z"),
      noInvalidDate: true,
    }),
    fc.nat(999),
  )
  .map(([date, micros]) => date.toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`));
const day = time.map((at) => at.slice(0, 10));
const integer = fc.maxSafeInteger();
// DuckDB takes -0 for 0 where it sorts by it, as the rows of a group are.
const double = fc.double().map((value) => value + 0);
const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 4 });

const rowOf = (anyText: fc.Arbitrary<string>): fc.Arbitrary<Row> =>
  fc.record({
    label: nullable(anyText),
    n: nullable(integer),
    big: nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    ratio: nullable(double),
    ok: nullable(fc.boolean()),
    at: nullable(time),
    day: nullable(day),
    uuid: nullable(fc.uuid()),
    tags: nullable(fc.array(nullable(anyText))),
    numbers: nullable(fc.array(integer)),
    times: nullable(fc.array(time)),
    box: nullable(
      fc.record({
        x: nullable(double),
        label: nullable(anyText),
        inner: nullable(fc.record({ day: nullable(day) })),
      }),
    ),
    boxes: nullable(fc.array(fc.record({ "a b": nullable(anyText) }))),
    counts: nullable(fc.dictionary(anyText, nullable(integer))),
    free: nullable(fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)))),
    metaxy_provenance_by_field: fc.record({ x: anyText, y_z: anyText }),
  });
/** Mild rows cross in one piece; a wild one makes its block be read in another way. */
export const anyRows: fc.Arbitrary<Row[]> = fc
  .tuple(
    fc.array(rowOf(mild), { maxLength: 30, size: "max" }),
    fc.oneof(fc.constant([]), fc.array(rowOf(wild), { maxLength: 10 })),
  )
  .map(([some, others]) =>
    [...some, ...others].map((row, index): Row => ({ ...row, id: `row ${String(index).padStart(3, "0")}` })),
  );
