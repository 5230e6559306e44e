import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { Session } from "../../../../runtime/duckdb/session.ts";
import { createRowTable } from "../../../../runtime/engine/reading/row-table.ts";
import type { AnyFeature, InputOf, RowSet, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, maybeText, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

const { recording: Recording, speaker: Speaker } = loadProject(
  [
    buildSpec("recording", {
      columns: { id: text, speaker: text, size: integer, note: maybeText },
      ids: ["id"],
    }),
    buildSpec("speaker", {
      columns: { speaker: text },
      ids: ["speaker"],
      deps: [{ feature: "recording", lineage: { type: "aggregation", on: ["speaker"] } }],
    }),
  ],
  { hashLength: 64 },
) as { recording: AnyFeature; speaker: AnyFeature };

/** Enough for three blocks. */
const many = 40_000;

async function storeWith(sql: string): Promise<Store> {
  const store = await openStore(":memory:");
  await store.write(Recording, {
    sql: `SELECT *, {'default': id} AS metaxy_provenance_by_field FROM (${sql})`,
  });
  return store;
}

const recordings = (rows: number, note = "NULL::VARCHAR") =>
  `SELECT printf('%06d', i) AS id, printf('%05d', i // 10) AS speaker, i AS size, ${note} AS note FROM range(${rows}) AS r(i)`;

const read = (store: Store) => store.read(Recording) as unknown as RowSet<Row>;

describe("reading", () => {
  it("gives all rows in order, over the bounds of blocks", async () => {
    await using store = await storeWith(recordings(many));
    const sizes = (await read(store).toArray()).map(({ size }) => size);
    expect(sizes).toEqual(Array.from({ length: many }, (_, row) => row));
    const iterated: unknown[] = [];
    for await (const { size } of read(store)) iterated.push(size);
    expect(iterated).toEqual(sizes);
  });

  it("gives batches of the size that is asked for, whatever the size of blocks", async () => {
    await using store = await storeWith(recordings(many));
    for (const size of [7000, 25_000, 100_000]) {
      const batches: Row[][] = [];
      for await (const batch of read(store).batches(size)) batches.push(batch);
      const full = Math.floor(many / size);
      expect(batches.map(({ length }) => length)).toEqual([
        ...Array.from({ length: full }, () => size),
        many - full * size,
      ]);
      expect(batches.flat().map((row) => row["size"])).toEqual(Array.from({ length: many }, (_, row) => row));
    }
  });

  it("gives each row once to those who ask at the same time", async () => {
    await using store = await storeWith(recordings(many));
    const rows = read(store)[Symbol.asyncIterator]();
    const seen: unknown[] = [];
    const take = async () => {
      for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
        seen.push(next.value["size"]);
      }
    };
    await Promise.all([take(), take(), take()]);
    expect(seen.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: many }, (_, row) => row));
  });

  it("ends with the loop: nothing is read after it, and nothing stays open", async () => {
    await using store = await storeWith(recordings(many));
    const rows = read(store)[Symbol.asyncIterator]();
    await rows.next();
    await rows.return?.();
    expect(await rows.next()).toEqual({ done: true, value: undefined });
    for await (const _ of read(store)) break;
    await using increment = await store.resolve(Speaker);
    for await (const _ of increment.new) break;
    // The session of the increment is free again.
    expect(await increment.write(untyped([{ speaker: "00000" }]))).toEqual({ rows: 1, superseded: 0 });
  });

  it("reads heavy rows a few at a time", async () => {
    await using store = await storeWith(recordings(40, "repeat(chr(65 + (i % 26)::INTEGER), 1_000_000)"));
    let at = 0;
    for await (const { note } of read(store)) {
      expect(note === String.fromCharCode(65 + (at++ % 26)).repeat(1_000_000)).toBe(true);
    }
    expect(at).toBe(40);

    const instance = await DuckDBInstance.create(":memory:");
    const session = new Session(await instance.connect(), "test");
    const sql = "SELECT repeat('a', 1_000_000) AS note FROM range(40)";
    const { table } = await createRowTable(session, "notes", sql, [], []);
    const columns = [{ name: "note", type: { kind: "scalar", name: "VARCHAR" } }] as const;
    const block = await session.blockReader({ table, columns, what: "rows" }).read(0, 40);
    expect(block.rows).toBe(33);
    expect(block.values.get("note")).toHaveLength(33);
  });

  it("tells which integer a number can't hold", async () => {
    await using other = await openStore(":memory:");
    const wide = loadProject(
      [
        buildSpec("recording", {
          columns: { id: text, speaker: text, size: { type: "integer", format: "int64" }, note: maybeText },
          ids: ["id"],
        }),
      ],
      { hashLength: 64 },
    )["recording"] as AnyFeature;
    await other.write(wide, {
      sql: "SELECT 'a' AS id, 's' AS speaker, 9007199254740993 AS size, {'default': 'p'} AS metaxy_provenance_by_field",
    });
    await expect(read(other).toArray()).rejects.toMatchObject({
      code: "wrong-integer",
      facts: { value: "9007199254740993" },
    });
  });
});

it("two columns of a row with the same versions share no object", async () => {
  await using store = await storeWith(recordings(1));
  await using increment = await store.resolve(Speaker);
  const [row] = (await increment.new.toArray()) as unknown as Record<string, Record<string, string>>[];
  const { metaxy_provenance_by_field: provenance, metaxy_data_version_by_field: version } = row ?? {};
  expect(version).toEqual(provenance);
  expect(version).not.toBe(provenance);
});

describe("select", () => {
  it("gives the columns that are asked for, and no others", async () => {
    await using store = await storeWith(recordings(3));
    expect(await read(store).select("size", "metaxy_provenance_by_field").toArray()).toEqual(
      ["000000", "000001", "000002"].map((id, size) => ({
        size,
        metaxy_provenance_by_field: { default: id },
      })),
    );
    await using increment = await store.resolve(Speaker);
    const ids = increment.new.select("id" as keyof InputOf<AnyFeature>);
    expect(ids).toMatchObject({ kind: "new", count: 1, rowCount: 3 });
    expect(await ids.toArray()).toEqual([{ id: "000000" }, { id: "000001" }, { id: "000002" }]);
  });

  it("groups rows by the grain, also when it is not asked for", async () => {
    await using store = await storeWith(recordings(many));
    await using increment = await store.resolve(Speaker);
    const groups: unknown[] = [];
    for await (const group of increment.new.select(untyped("size")).groups()) groups.push(group);
    expect(groups).toEqual(
      Array.from({ length: many / 10 }, (_, at) => ({
        id: { speaker: String(at).padStart(5, "0") },
        rows: Array.from({ length: 10 }, (_, row) => ({ size: at * 10 + row })),
      })),
    );
  });

  it("reads versions alone from what was compared", async () => {
    await using store = await storeWith(recordings(3));
    await using samples = await store.resolve(Recording, { samples: untyped(await samplesOf(store)) });
    await using increment = await store.resolve(Speaker);
    const [row] = (await increment.new.toArray()) as unknown as Row[];
    const names = ["metaxy_data_version_by_field", "metaxy_data_version"] as const;
    expect(await increment.new.select(...names).toArray()).toContainEqual({
      metaxy_data_version_by_field: row?.["metaxy_provenance_by_field"],
      metaxy_data_version: row?.["metaxy_provenance"],
    });
    expect(samples.counts).toEqual({ new: 0, stale: 3, orphaned: 0 });
    expect(await samples.stale.select(untyped("id"), untyped("metaxy_changed_fields")).toArray()).toEqual(
      ["000000", "000001", "000002"].map((id) => ({ id, metaxy_changed_fields: ["default"] })),
    );
  });

  it("refuses a column that there is not, and no column at all", async () => {
    await using store = await storeWith(recordings(3));
    expect(() => read(store).select("sise")).toThrow(
      'Rows of recording have no column "sise". They have id, speaker, size, note, metaxy_provenance_by_field,',
    );
    expect(() => read(store).select("id").select(untyped("size"))).toThrow("They have id.");
    expect(() => read(store).select()).toThrow("select needs the name of at least one column: id, speaker,");
  });
});

async function samplesOf(store: Store): Promise<Row[]> {
  const rows = await read(store).select("id", "speaker", "size", "note").toArray();
  return rows.map((row) => ({ ...row, metaxy_provenance_by_field: { default: "changed" } }));
}
