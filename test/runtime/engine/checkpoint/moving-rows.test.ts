import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { killedSql } from "../../../support/killed-sql.ts";
import { loadProject } from "../../../support/load-project.ts";
import { resolveSets } from "../../../support/recorded-sets.ts";
import { untyped } from "../../../support/untyped.ts";

const tags = { type: "array", items: text };
const { raw: Raw, leaf: Leaf } = loadProject(
  [
    buildSpec("raw", { columns: { id: text, tags }, ids: ["id"], fields: ["a"] }),
    buildSpec("leaf", { columns: { id: text, tags }, ids: ["id"], deps: ["raw"] }),
  ],
  { hashLength: 64 },
) as { raw: AnyFeature; leaf: AnyFeature };

/** DuckDB compacts deletes once they fill a group of rows. */
const rowGroup = 122_880;
const deleted = rowGroup + 1000;
const total = 2 * rowGroup;

const rows = (from: number, to: number, version: string) => ({
  sql: `SELECT concat('s', i) AS id, ['t'] AS tags, {'a': concat(i, '${version}')} AS metaxy_provenance_by_field FROM range(${from}, ${to}) AS r(i)`,
});

async function writeLeaf(store: Store): Promise<void> {
  await using increment = await store.resolve(Leaf);
  await increment.write(untyped(increment.new));
  await increment.write(untyped(increment.stale));
}

/** Another user of the same database, who does as a hard delete of ours does. */
async function withConnection(path: string, work: (run: (sql: string) => Promise<unknown>) => Promise<void>) {
  const instance = await DuckDBInstance.fromCache(path, { autoinstall_known_extensions: "false" });
  const connection: DuckDBConnection = await instance.connect();
  try {
    await work((sql) => connection.run(sql));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const lowIds = `id IN (SELECT concat('s', i) FROM range(${deleted}) AS r(i))`;
const conflict = {
  name: "StoreError",
  code: "conflict",
  message: expect.stringMatching(/Rows of (raw|leaf) .*physically deleted.*resolve again/),
};

describe("row ids that move", () => {
  it("after a program deleted rows and was killed, do so before an increment is resolved", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Raw, untyped(rows(0, total, "1")));
      await writeLeaf(store);
    }
    await killedSql(path, `DELETE FROM raw WHERE ${lowIds}`, `DELETE FROM leaf WHERE ${lowIds}`);
    await using store = await openStore(path);
    await store.write(Raw, untyped(rows(total, total + 50, "1")));
    await store.write(Raw, untyped(rows(total - 100, total, "2")));
    await using increment = await store.resolve(Leaf);
    expect(increment.counts).toEqual({ new: 50, stale: 100, orphaned: 0 });
    await withConnection(path, async (run) => {
      await run("CHECKPOINT");
    });
    expect(await increment.stale.toArray()).toHaveLength(100);
    await increment.write(untyped(increment.new));
    await increment.write(untyped(increment.stale));
    expect((await store.resolve(Leaf, { fullRefresh: true })).counts).toEqual({
      new: 0,
      stale: 0,
      orphaned: 0,
    });
  });

  it("under an open increment are noticed by each set, read or written, and what answers it is written", async () => {
    const path = await freshPath();
    await using store = await openStore(path);
    await store.write(Raw, untyped(rows(0, total, "1")));
    await writeLeaf(store);
    await withConnection(path, async (run) => {
      await run(`DELETE FROM raw WHERE ${lowIds}`);
      await run(`DELETE FROM leaf WHERE ${lowIds}`);
      await store.write(Raw, untyped(rows(total, total + 50, "1")));
      await store.write(Raw, untyped(rows(total - 100, total, "2")));
      await using increment = await store.resolve(Leaf);
      await using before = await store.resolve(Leaf);
      expect(increment.counts).toEqual({ new: 50, stale: 100, orphaned: 0 });
      expect(await before.new.toArray()).toHaveLength(50);
      await run("CHECKPOINT");
      await expect(increment.stale.toArray()).rejects.toMatchObject(conflict);
      await expect(increment.new.toArray()).rejects.toMatchObject(conflict);
      await expect(increment.write(untyped(increment.stale))).rejects.toMatchObject(conflict);
      await expect(increment.write(untyped(increment.new))).rejects.toMatchObject(conflict);
      // What was read before the rows moved is kept.
      expect(await before.new.toArray()).toHaveLength(50);
      await increment.write(untyped([`s${total}`, `s${total - 1}`].map((id) => ({ id, tags: [] }))));
      await using again = await store.resolve(Leaf);
      expect(again.counts).toEqual({ new: 49, stale: 99, orphaned: 0 });
      expect(await resolveSets(store, Leaf, {})).toEqual(
        await resolveSets(store, Leaf, { fullRefresh: true }),
      );
      await again.write(untyped(again.new));
      await again.write(untyped(again.stale));
    });
    expect((await store.resolve(Leaf, { fullRefresh: true })).counts).toEqual({
      new: 0,
      stale: 0,
      orphaned: 0,
    });
  });

  it("are noticed where nothing was compared, and the rows are read as they are asked for", async () => {
    const path = await freshPath();
    await using store = await openStore(path);
    await store.write(Raw, untyped(rows(0, total, "1")));
    await using increment = await store.resolve(Leaf);
    await using incremental = await store.resolve(Leaf);
    await withConnection(path, async (run) => {
      await run(`DELETE FROM raw WHERE ${lowIds}`);
      await run("CHECKPOINT");
    });
    await expect(increment.new.toArray()).rejects.toMatchObject(conflict);
    await expect(increment.write(untyped(increment.new))).rejects.toMatchObject(conflict);
    await expect(incremental.write(untyped([{ id: "s1", tags: [] }]))).rejects.toMatchObject(conflict);
    expect(await store.read(Leaf).toArray()).toEqual([]);
    expect((await store.resolve(Leaf)).counts).toEqual({ new: total - deleted, stale: 0, orphaned: 0 });
  });
});

describe("rows that are physically deleted under an open increment", () => {
  const few = async () => {
    const path = await freshPath();
    const store = await openStore(path);
    await store.write(Raw, untyped(rows(0, 10, "1")));
    await writeLeaf(store);
    return { path, store };
  };

  it("are missed by the sets that hold them, and by no other", async () => {
    const { path, store } = await few();
    await store.write(Raw, untyped(rows(3, 5, "2")));
    await store.write(Raw, untyped(rows(10, 12, "1")));
    await using increment = await store.resolve(Leaf);
    expect(increment.counts).toEqual({ new: 2, stale: 2, orphaned: 0 });
    await withConnection(path, async (run) => {
      await run("DELETE FROM leaf WHERE id = 's7'");
    });
    expect(await increment.new.toArray()).toHaveLength(2);
    await withConnection(path, async (run) => {
      await run("DELETE FROM raw WHERE id = 's3'");
    });
    await expect(increment.stale.toArray()).rejects.toMatchObject(conflict);
    await expect(increment.write(untyped(increment.stale))).rejects.toMatchObject(conflict);
    await store.close();
  });

  it("are missed by orphaned rows", async () => {
    const { path, store } = await few();
    await withConnection(path, async (run) => {
      await run("DELETE FROM raw WHERE id IN ('s1', 's2')");
      await using increment = await store.resolve(Leaf);
      expect(increment.counts.orphaned).toBe(2);
      await run("DELETE FROM leaf WHERE id = 's1'");
      await expect(increment.orphaned.toArray()).rejects.toMatchObject(conflict);
    });
    await store.close();
  });

  it("or moved by an update are noticed, appended and checkpointed ones are no matter", async () => {
    const { path, store } = await few();
    await store.write(Raw, untyped(rows(3, 5, "2")));
    await using increment = await store.resolve(Leaf);
    await using other = await store.resolve(Leaf);
    await withConnection(path, async (run) => {
      await store.write(Raw, untyped(rows(0, 2, "3")));
      await run("CHECKPOINT");
      expect(await increment.stale.toArray()).toHaveLength(2);
      await run("UPDATE raw SET tags = ['u'] WHERE id = 's4'");
      await expect(other.stale.toArray()).rejects.toMatchObject(conflict);
    });
    await store.close();
  });
});
