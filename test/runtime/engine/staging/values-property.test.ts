import fc from "fast-check";
import { expect, test } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { Increment, RowSet } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

const maybe = (type: string, more: object = {}) => ({ type: [type, "null"], ...more });
const columns = {
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
/** Without what has no fixed number of parts: such rows are written in another way. */
const { tags: _t, numbers: _n, times: _i, boxes: _b, counts: _c, ...flatColumns } = columns;
const {
  kinds: Kinds,
  flat: Flat,
  whole: Whole,
} = loadProject(
  [
    buildSpec("kinds", { columns, ids: ["id"], fields: ["x", "y/z"] }),
    buildSpec("flat", { columns: flatColumns, ids: ["id"], fields: ["x", "y/z"] }),
    buildSpec("whole", {
      columns: { label: text },
      ids: ["label"],
      deps: [{ feature: "kinds", lineage: { type: "aggregation", on: ["label"] } }],
    }),
  ],
  { hashLength: 64 },
);

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
const anyRows = fc
  .tuple(
    fc.array(rowOf(mild), { maxLength: 30, size: "max" }),
    fc.oneof(fc.constant([]), fc.array(rowOf(wild), { maxLength: 10 })),
  )
  .map(([some, others]) =>
    [...some, ...others].map((row, index): Row => ({ ...row, id: `row ${String(index).padStart(3, "0")}` })),
  );

async function* slowly(rows: readonly Row[]) {
  for (const row of rows) yield await Promise.resolve(row);
}

async function collect(rows: AsyncIterable<unknown>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row as Row);
  return all;
}

const columnNames = Object.keys(columns);
const versioned = [...columnNames, "metaxy_provenance_by_field"];
const flatVersioned = [...Object.keys(flatColumns), "metaxy_provenance_by_field"];
const pick = (rows: readonly unknown[], names: readonly string[]) =>
  rows.map((row) => Object.fromEntries(names.map((name) => [name, (row as Row)[name]])));

/** The rows by every way of reading them. */
async function readings(stored: RowSet<Row>): Promise<Record<string, Row[]>> {
  return {
    array: await stored.toArray(),
    each: await collect(stored),
    batches: (await collect(stored.batches(2))).flat() as Row[],
  };
}

test("rows of any values come back equal, by every way of writing and reading", {
  timeout: 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRows,
      fc.boolean(),
      fc.subarray(versioned, { minLength: 1 }),
      async (rows, isSlow, some) => {
        await using store = await openStore(":memory:");
        await using samples: Increment<never> = await store.resolve(untyped(Kinds), {
          samples: untyped(rows),
        });
        expect(pick(await samples.new.toArray(), versioned)).toEqual(pick(rows, versioned));

        await store.write(untyped(Kinds), untyped(isSlow ? slowly(rows) : rows));
        const written = pick(rows, flatVersioned);
        await store.write(untyped(Flat), untyped(isSlow ? slowly(written) : written));
        const flat: RowSet<Row> = store.read(untyped(Flat));
        expect(pick(await flat.toArray(), flatVersioned)).toEqual(written);

        const stored: RowSet<Row> = store.read(untyped(Kinds));
        for (const [way, read] of Object.entries(await readings(stored))) {
          expect(pick(read, versioned), way).toEqual(pick(rows, versioned));
        }
        for (const [way, read] of Object.entries(await readings(stored.select(...some)))) {
          expect(read, way).toEqual(pick(rows, some));
        }

        await using whole: Increment<never> = await store.resolve(untyped(Whole));
        const groups = (await collect(whole.new.groups())) as unknown as { id: Row; rows: Row[] }[];
        const labels = new Set(rows.flatMap(({ label }) => label ?? []));
        expect(new Set(groups.map(({ id }) => id["label"]))).toEqual(labels);
        for (const group of groups) {
          const members = group.rows.toSorted((a, b) => (String(a["id"]) < String(b["id"]) ? -1 : 1));
          const own = rows.filter(({ label }) => label === group.id["label"]);
          expect(pick(members, columnNames)).toEqual(pick(own, columnNames));
        }
      },
    ),
    { numRuns: 12 },
  );
});
