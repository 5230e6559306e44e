import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { resolveSets } from "../../../support/recorded-sets.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = [
  buildSpec("raw", { columns: { id: text, note: text }, ids: ["id"], fields: ["a"] }),
  buildSpec("leaf", { columns: { id: text, note: text }, ids: ["id"], deps: ["raw"], fields: ["a"] }),
];
const [Raw, Leaf] = ["raw", "leaf"].map((key) => loadFeature(specs, key)) as [AnyFeature, AnyFeature];

const rows = (ids: string, version: string) => ({
  sql: `SELECT concat('s', i) AS id, concat('note ', i) AS note, {'a': concat(i, '${version}')} AS metaxy_provenance_by_field
    FROM (SELECT unnest(${ids}) AS i)`,
});

async function writeRaw(store: Store, ids: string, version: string): Promise<void> {
  await store.write(Raw, untyped(rows(ids, version)));
}

async function writeLeaf(store: Store): Promise<void> {
  await using increment = await store.resolve(Leaf);
  await increment.write(untyped(increment.new));
  await increment.write(untyped(increment.stale));
}

async function query(path: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const result = (await connection.runAndReadAll(sql)).getRowObjects();
  connection.closeSync();
  instance.closeSync();
  return result;
}

describe("a store that is open read-only", () => {
  it("recalls what was resolved before, and leaves it as it is", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeRaw(store, "range(10)", "1");
      await writeLeaf(store);
      await writeRaw(store, "[3, 10]", "2");
    }
    const before = await query(path, "FROM stemma_checkpoint");
    {
      await using store = await openStore(path, { readOnly: true });
      const sets = await resolveSets(store, Leaf, {});
      expect(sets.new.map((row) => row["id"])).toEqual(["s10"]);
      expect(sets.stale.map((row) => row["id"])).toEqual(["s3"]);
      expect(sets).toEqual(await resolveSets(store, Leaf, { fullRefresh: true }));
    }
    expect(before).toHaveLength(1);
    expect(await query(path, "FROM stemma_checkpoint")).toEqual(before);
  });
});

describe("a time of creation", () => {
  const created = (path: string) =>
    query(
      path,
      `SELECT id, count(*)::INTEGER AS versions, count(DISTINCT metaxy_created_at)::INTEGER AS times
       FROM leaf GROUP BY id ORDER BY id`,
    );

  it("is kept by a sample that is written again, and by one that was deleted in between", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeRaw(store, "range(5)", "1");
      await writeLeaf(store);
    }
    await query(
      path,
      "INSERT INTO leaf SELECT * REPLACE (now() AS metaxy_updated_at, now() AS metaxy_deleted_at) FROM leaf WHERE id = 's2'",
    );
    {
      await using store = await openStore(path);
      await writeRaw(store, "[1]", "2");
      await writeLeaf(store);
    }
    expect(await created(path)).toEqual([
      { id: "s0", versions: 1, times: 1 },
      { id: "s1", versions: 2, times: 1 },
      { id: "s2", versions: 3, times: 1 },
      { id: "s3", versions: 1, times: 1 },
      { id: "s4", versions: 1, times: 1 },
    ]);
  });

  it("is kept where one increment answers twice", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeRaw(store, "range(2)", "1");
      await using increment = await store.resolve(Leaf);
      await increment.write(untyped([{ id: "s0", note: "first" }]));
      await increment.write(untyped(increment.new));
    }
    expect(await created(path)).toEqual([
      { id: "s0", versions: 2, times: 1 },
      { id: "s1", versions: 1, times: 1 },
    ]);
  });

  it("is kept where an increment answers row by row twice", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeRaw(store, "range(2)", "1");
      await using increment = await store.resolve(Leaf);
      for (const note of ["first", "second"]) await increment.write(untyped([{ id: "s0", note }]));
    }
    expect(await created(path)).toEqual([{ id: "s0", versions: 2, times: 1 }]);
  });
});

describe("what an increment answers in batches", () => {
  const open = (path: string) =>
    query(path, "SELECT (checkpoint->>'pending')::INTEGER AS recorded FROM stemma_checkpoint");

  /** Resolves 2,000 samples and answers batches of 100; gives what a later resolve finds. */
  async function writeBatches(path: string, batches: readonly number[]): Promise<number> {
    await using store = await openStore(path);
    await writeRaw(store, "range(2000)", "1");
    {
      await using increment = await store.resolve(Leaf);
      for (const batch of batches) {
        const ids = Array.from({ length: 100 }, (_, n) => `s${batch * 100 + n}`);
        await increment.write(untyped(ids.map((id) => ({ id, note: "" }))));
      }
    }
    const sets = await resolveSets(store, Leaf, {});
    expect(sets).toEqual(await resolveSets(store, Leaf, { fullRefresh: true }));
    return sets.new.length;
  }

  const batches = (count: number) => Array.from({ length: count }, (_, batch) => batch);

  it.each([
    // Batches answered, samples that stay new, and how many of them and others the record leaves open.
    [10, 1000, 1000],
    [14, 600, 1000],
    [15, 500, 500],
    [20, 0, 0],
  ])(
    "%i of 20: leaves the others new, and is recorded as often as what is left halves",
    async (count, left, recorded) => {
      const path = await freshPath();
      expect(await writeBatches(path, batches(count))).toBe(left);
      expect(await open(path)).toEqual([{ recorded }]);
    },
  );

  it("counts as one what is answered again", async () => {
    const path = await freshPath();
    expect(await writeBatches(path, [...batches(8), ...batches(8), ...batches(8)])).toBe(1200);
    expect(await open(path)).toEqual([{ recorded: 1200 }]);
  });
});

describe("an increment of which all is new", () => {
  it("takes answers row by row as well as whole", async () => {
    await using store = await openStore(":memory:");
    await writeRaw(store, "range(4)", "1");
    await using increment = await store.resolve(Leaf);
    expect(increment.counts).toEqual({ new: 4, stale: 0, orphaned: 0 });
    await increment.write(untyped([{ id: "s3", note: "by hand" }]));
    await expect(increment.write(untyped([{ id: "s9", note: "nobody asked" }]))).rejects.toMatchObject({
      code: "not-in-increment",
    });
    expect(await increment.new.toArray()).toHaveLength(4);
    await using again = await store.resolve(Leaf);
    expect(again.counts).toEqual({ new: 3, stale: 0, orphaned: 0 });
  });

  it("leaves a table behind, though nothing was new", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeRaw(store, "[]::INTEGER[]", "1");
      await writeLeaf(store);
    }
    expect(await query(path, "FROM leaf")).toEqual([]);
  });
});
