import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { foreign } from "../../../support/foreign.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

const features = loadProject(
  [
    buildSpec("video", { columns: { video_id: text, size: integer }, ids: ["video_id"] }),
    buildSpec("crop", { columns: { video_id: text, size: integer }, ids: ["video_id"], deps: ["video"] }),
    buildSpec("chunk", {
      columns: { video_id: text, chunk_id: text },
      ids: ["chunk_id"],
      deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
    }),
    buildSpec("total", {
      columns: { size: integer },
      ids: ["size"],
      deps: [{ feature: "video", lineage: { type: "aggregation", on: ["size"] } }],
    }),
  ],
  { hashLength: 64 },
) as Record<"video" | "crop" | "chunk" | "total", AnyFeature>;
const { video: Video, crop: Crop, chunk: Chunk, total: Total } = features;

const video = (video_id: string, version: string, size = 1) => ({
  video_id,
  size,
  metaxy_provenance_by_field: { default: version },
});

const cut = (count: number) =>
  untyped(({ video_id }: Row) =>
    Array.from({ length: count }, (_, n) => ({ video_id, chunk_id: `${video_id}${n}` })),
  );
const copy = untyped(({ video_id, size }: Row) => ({ video_id, size }));
const sum = untyped(({ id }: { id: Row }) => id);

/** Three videos and all that is made of them. */
async function filled(): Promise<string> {
  const path = await freshPath();
  await using store = await openStore(path);
  await store.write(Video, untyped(["a", "b", "c"].map((id) => video(id, "1"))));
  await runAll(store);
  return path;
}

async function runAll(store: Store, pieces = 2): Promise<void> {
  for (const [feature, work] of [
    [Crop, copy],
    [Chunk, cut(pieces)],
    [Total, sum],
  ] as const)
    expect((await store.process(feature, work)).failed).toEqual([]);
}

async function counts(store: Store, feature: AnyFeature): Promise<object> {
  await using increment = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(full.counts).toEqual(increment.counts);
  return increment.counts;
}

const read = async (store: Store, feature: AnyFeature, ...columns: string[]) =>
  (await store.read(feature).toArray()).map((row) => columns.map((column) => row[untyped(column)]));

const inSync = { new: 0, stale: 0, orphaned: 0 };
const tables = ["video", "crop", "chunk", "total"];

describe.each([
  [
    "a column rowid of numbers",
    tables.map((table) => `ALTER TABLE ${table} ADD COLUMN rowid BIGINT DEFAULT 7`),
  ],
  [
    "a column RowID of texts",
    tables.map((table) => `ALTER TABLE ${table} ADD COLUMN "RowID" VARCHAR DEFAULT 'x'`),
  ],
])("a table of another program with %s", (_, statements) => {
  it("is read, resolved and written to as any other", async () => {
    const path = await filled();
    await foreign(path, ...statements);
    await using store = await openStore(path);
    expect(await read(store, Video, "video_id", "size")).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 1],
    ]);
    for (const feature of [Crop, Chunk, Total]) expect(await counts(store, feature)).toEqual(inSync);

    await store.write(Video, untyped([video("b", "2", 1), video("d", "1", 5)]));
    expect(await counts(store, Crop)).toEqual({ new: 1, stale: 1, orphaned: 0 });
    expect(await counts(store, Chunk)).toEqual({ new: 1, stale: 1, orphaned: 0 });
    expect(await counts(store, Total)).toEqual({ new: 1, stale: 1, orphaned: 0 });
    await runAll(store, 1);
    for (const feature of [Crop, Chunk, Total]) expect(await counts(store, feature)).toEqual(inSync);
    // Two pieces of b became one.
    expect(await read(store, Chunk, "chunk_id")).toEqual([["a0"], ["a1"], ["b0"], ["c0"], ["c1"], ["d0"]]);
    await store.write(Video, untyped([video("a", "3", 1)]));
    await store.markEmpty(Chunk, await newestParents(store));
    expect(await counts(store, Chunk)).toEqual(inSync);
    expect(await read(store, Chunk, "chunk_id")).toEqual([["b0"], ["c0"], ["c1"], ["d0"]]);
  });

  it("keeps the times of creation, and gives one row where times are the same", async () => {
    const path = await filled();
    await foreign(path, ...statements, "INSERT INTO crop SELECT * REPLACE (9 AS size) FROM crop");
    await using store = await openStore(path);
    expect(await read(store, Crop, "video_id")).toEqual([["a"], ["b"], ["c"]]);
    const before = await read(store, Crop, "metaxy_created_at");
    await store.write(Video, untyped(["a", "b", "c"].map((id) => video(id, "2"))));
    await runAll(store);
    expect(await read(store, Crop, "metaxy_created_at")).toEqual(before);
  });

  it("stays as it was for an increment that is open while it is written to", async () => {
    const path = await filled();
    await foreign(path, ...statements);
    await using store = await openStore(path);
    await store.write(Video, untyped([video("a", "2", 2), video("d", "1", 4)]));
    await using increment = await store.resolve(Crop);
    await store.write(Video, untyped([video("a", "3", 3), video("b", "3", 3), video("d", "3", 3)]));
    expect(increment.counts).toEqual({ new: 1, stale: 1, orphaned: 0 });
    expect(await increment.stale.toArray()).toMatchObject([{ video_id: "a", size: 2 }]);
    expect(await increment.new.toArray()).toMatchObject([{ video_id: "d", size: 4 }]);
    await increment.write(untyped(increment.new));
    await increment.write(untyped(increment.stale));
    expect(await counts(store, Crop)).toEqual({ new: 0, stale: 3, orphaned: 0 });
  });
});

describe("a view", () => {
  const asView = (table: string) => [
    `ALTER TABLE ${table} RENAME TO kept`,
    `CREATE VIEW ${table} AS SELECT * FROM kept`,
  ];

  it("is an upstream as any other", async () => {
    const path = await filled();
    await foreign(
      path,
      ...asView("video"),
      `INSERT INTO kept SELECT * REPLACE ('d' AS video_id) FROM kept WHERE video_id = 'a'`,
      `INSERT INTO kept SELECT * REPLACE (now() AS metaxy_updated_at, 'other' AS metaxy_data_version,
         {'default': 'other'} AS metaxy_data_version_by_field) FROM kept WHERE video_id = 'b'`,
    );
    await using store = await openStore(path);
    expect(await read(store, Video, "video_id")).toEqual([["a"], ["b"], ["c"], ["d"]]);
    for (const feature of [Crop, Chunk])
      expect(await counts(store, feature)).toEqual({ new: 1, stale: 1, orphaned: 0 });
    await runAll(store);
    for (const feature of [Crop, Chunk, Total]) expect(await counts(store, feature)).toEqual(inSync);
  });

  it("can be read and resolved as a target, and says that it can't be written to", async () => {
    const path = await filled();
    await foreign(path, ...asView("crop"));
    await using store = await openStore(path);
    expect(await counts(store, Crop)).toEqual(inSync);
    await store.write(Video, untyped([video("d", "1")]));
    await expect(store.process(Crop, copy)).rejects.toMatchObject({
      name: "StoreError",
      code: "table-shape",
      message: expect.stringMatching(/crop.*is a view/),
    });
  });
});

async function newestParents(store: Store): Promise<never> {
  await using increment = await store.resolve(Chunk);
  return untyped([...(await increment.new.toArray()), ...(await increment.stale.toArray())]);
}
