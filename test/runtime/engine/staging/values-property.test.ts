import fc from "fast-check";
import { expect, test } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { Increment, RowSet } from "../../../../runtime/index.ts";
import { anyRows, columns, type Row } from "../../../support/arbitrary-rows.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

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
