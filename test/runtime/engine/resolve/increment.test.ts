import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Increment, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, maybeText, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

const video = buildSpec("video/raw", {
  columns: { video_id: text, path: text },
  ids: ["video_id"],
  fields: ["audio", "frames"],
});
const chunk = buildSpec("video/chunk", {
  columns: { video_id: text, chunk_id: text, path: text, note: maybeText },
  ids: ["chunk_id"],
  deps: [{ feature: "video/raw", lineage: { type: "expansion", on: ["video_id"] } }],
  fields: ["audio", "frames"],
});
const sound = buildSpec("video/sound", {
  columns: { video_id: text, loudness: integer },
  ids: ["video_id"],
  deps: [{ feature: "video/raw", select: [] }],
  fields: [{ key: "sound", deps: [{ feature: "video/raw", fields: ["audio"] }] }],
});
const summary = buildSpec("video/summary", {
  columns: { video_id: text, chunks: integer },
  ids: ["video_id"],
  deps: [{ feature: "video/chunk", lineage: { type: "aggregation", on: ["video_id"] } }],
  fields: ["audio"],
});
const specs = [video, chunk, sound, summary];
const [Video, Chunk, Sound, Summary] = ["video/raw", "video/chunk", "video/sound", "video/summary"].map(
  (key) => loadFeature(specs, key),
) as [AnyFeature, AnyFeature, AnyFeature, AnyFeature];

const sample = (id: string, audio = "a1", frames = "f1") => ({
  video_id: id,
  path: `${id}.mp4`,
  metaxy_provenance_by_field: { audio, frames },
});

async function writeVideos(store: Store, samples: readonly object[]): Promise<void> {
  await using increment = await store.resolve(Video, { samples: untyped(samples) });
  await increment.write(untyped(increment.new));
  await increment.write(untyped(increment.stale));
}

async function writeChunks(increment: Increment<AnyFeature>, perVideo: number): Promise<void> {
  const rows: object[] = [];
  for (const set of [increment.new, increment.stale]) {
    for await (const row of set as AsyncIterable<Record<string, unknown>>) {
      const id = row["video_id"];
      for (let n = 0; n < perVideo; n++)
        rows.push({ video_id: id, chunk_id: `${id}_${n}`, path: `${id}/${n}` });
    }
  }
  await increment.write(untyped(rows));
}

async function readAny(store: Store, feature: AnyFeature): Promise<Record<string, unknown>[]> {
  return (await store.read(feature).toArray()) as unknown as Record<string, unknown>[];
}

describe("an increment", () => {
  it("says which fields changed, and leaves a feature alone that does not read them", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using first = await store.resolve(Sound);
    await first.write(
      untyped([
        { video_id: "v1", loudness: 1 },
        { video_id: "v2", loudness: 2 },
      ]),
    );

    const samples = [sample("v1", "a1", "f2"), sample("v2", "a2", "f1")];
    await using videos = await store.resolve(Video, { samples: untyped(samples) });
    const changed = (await videos.stale.toArray()).map((row) => row.metaxy_changed_fields);
    expect(changed).toEqual([["frames"], ["audio"]]);
    await videos.write(untyped(videos.stale));

    await using next = await store.resolve(Sound);
    expect(next.counts).toEqual({ new: 0, stale: 1, orphaned: 0 });
    expect(await next.stale.toArray()).toMatchObject([{ video_id: "v2", metaxy_changed_fields: ["sound"] }]);
  });

  it("stays as it was when its upstream and its own table change meanwhile", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using increment = await store.resolve(Sound);
    await writeVideos(store, [sample("v1", "a9"), sample("v2"), sample("v3")]);

    const rows = await increment.new.toArray();
    expect(rows.map((row) => (row as Record<string, unknown>)["video_id"])).toEqual(["v1", "v2"]);
    await increment.write(untyped([{ video_id: "v1", loudness: 1 }]));
    await using next = await store.resolve(Sound);
    expect(next.counts).toEqual({ new: 2, stale: 1, orphaned: 0 });
    expect(await increment.new.toArray()).toEqual(rows);
  });

  it("can be read while rows that come from it are being written to it", async () => {
    await using store = await openStore(":memory:");
    const many = Array.from({ length: 20_000 }, (_, n) => sample(`v${n}`));
    await writeVideos(store, many);
    await using increment = await store.resolve(Sound);
    async function* work() {
      for await (const row of increment.new) {
        yield { video_id: (row as Record<string, unknown>)["video_id"], loudness: 1 };
      }
    }
    expect(await increment.write(untyped(work()))).toEqual({ rows: 20_000, superseded: 0 });
    await using next = await store.resolve(Sound);
    expect(next.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("refuses a row whose grain it did not ask for, and writes none of the others", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1")]);
    await using increment = await store.resolve(Sound);
    const write = increment.write(
      untyped([
        { video_id: "v1", loudness: 1 },
        { video_id: "v7", loudness: 1 },
      ]),
    );
    await expect(write).rejects.toMatchObject({
      code: "not-in-increment",
      message: expect.stringMatching(/video_id = v7/),
    });
    expect(await store.read(Sound).toArray()).toEqual([]);
  });

  it("refuses to write a set that lacks what each row needs", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1")]);
    await using increment = await store.resolve(Sound);
    await expect(increment.write(untyped(increment.new))).rejects.toMatchObject({
      code: "missing-column",
      message: expect.stringMatching(/loudness/),
    });
  });

  it("gives groups of an aggregation, and counts groups and rows apart", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using chunks = await store.resolve(Chunk);
    await writeChunks(chunks, 3);
    await using increment = await store.resolve(Summary);
    expect(increment.counts.new).toBe(2);
    expect(increment.new).toMatchObject({ count: 2, rowCount: 6 });
    const groups = [];
    for await (const { id, rows } of increment.new.groups()) groups.push([id, rows.length]);
    expect(groups).toEqual([
      [{ video_id: "v1" }, 3],
      [{ video_id: "v2" }, 3],
    ]);
    const sizes = [];
    for await (const batch of increment.new.batches(4)) sizes.push(batch.length);
    expect(sizes).toEqual([4, 2]);
  });

  it("refuses to write a set of which several rows are one sample", async () => {
    const perVideo = buildSpec("video/any", {
      columns: { video_id: text },
      ids: ["video_id"],
      deps: [{ feature: "video/chunk", lineage: { type: "aggregation", on: ["video_id"] } }],
      fields: ["audio"],
    });
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1")]);
    await using chunks = await store.resolve(Chunk);
    await writeChunks(chunks, 2);
    await using increment = await store.resolve(loadFeature([...specs, perVideo], "video/any"));
    await expect(increment.write(untyped(increment.new))).rejects.toMatchObject({
      code: "duplicate-id",
      message: expect.stringMatching(/video_id = v1/),
    });
  });

  it("says that an upstream has to run first while its samples lie under an older version only", async () => {
    const bumped = {
      ...video,
      feature: {
        ...(video as { feature: object }).feature,
        fields: ["audio", { key: "frames", codeVersion: "2" }],
      },
    };
    const after = [bumped, chunk, sound, summary];
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using first = await store.resolve(Sound);
    expect(first.pendingUpstream).toEqual([]);
    await first.write(
      untyped([
        { video_id: "v1", loudness: 1 },
        { video_id: "v2", loudness: 2 },
      ]),
    );

    const sameSound = loadFeature(after, "video/sound");
    expect(sameSound.featureVersion).toBe(Sound.featureVersion);
    await using pending = await store.resolve(sameSound);
    expect(pending.pendingUpstream).toEqual([{ feature: "video/raw", samples: 2, reason: "older-version" }]);
    expect(pending.counts.orphaned).toBe(2);

    await using videos = await store.resolve(loadFeature(after, "video/raw"), {
      samples: untyped([sample("v1"), sample("v2")]),
    });
    await videos.write(untyped(videos.new));
    await using ready = await store.resolve(sameSound);
    expect(ready.pendingUpstream).toEqual([]);
    expect(ready.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("sees what another hand took out of a table's structs, though no row was appended", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeVideos(store, [sample("v1")]);
      await using first = await store.resolve(Sound);
      await first.write(untyped([{ video_id: "v1", loudness: 1 }]));
      await using upToDate = await store.resolve(Sound);
      expect(upToDate.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
    }
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("ALTER TABLE video__raw DROP COLUMN metaxy_data_version_by_field.audio");
    connection.closeSync();
    instance.closeSync();
    await using store = await openStore(path);
    await using increment = await store.resolve(Sound);
    expect(increment.counts).toEqual({ new: 0, stale: 1, orphaned: 0 });
  });

  it("is closed with its store, and says so", async () => {
    const store = await openStore(":memory:");
    await writeVideos(store, [sample("v1")]);
    const increment = await store.resolve(Sound);
    await store.close();
    await expect(increment.new.toArray()).rejects.toMatchObject({ code: "closed" });
    await expect(store.resolve(Sound)).rejects.toMatchObject({ code: "closed" });
  });
});

describe("an expansion", () => {
  it("settles when a parent is cut into fewer pieces", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using first = await store.resolve(Chunk);
    await writeChunks(first, 5);

    await writeVideos(store, [sample("v1", "a2"), sample("v2")]);
    await using second = await store.resolve(Chunk);
    expect(second.counts).toEqual({ new: 0, stale: 1, orphaned: 0 });
    await writeChunks(second, 3);

    await using third = await store.resolve(Chunk);
    expect(third.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
    const left = (await readAny(store, Chunk)).map((row) => row["chunk_id"]);
    expect(left).toEqual(["v1_0", "v1_1", "v1_2", "v2_0", "v2_1", "v2_2", "v2_3", "v2_4"]);
  });

  it("counts a parent without children as done once it is marked, until it changes", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using first = await store.resolve(Chunk);
    await store.markEmpty(Chunk, untyped(await first.new.toArray()));
    await using marked = await store.resolve(Chunk);
    expect(marked.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });

    await writeVideos(store, [sample("v1", "a2"), sample("v2")]);
    await using changed = await store.resolve(Chunk);
    expect(changed.counts).toEqual({ new: 0, stale: 1, orphaned: 0 });
    expect(await changed.stale.toArray()).toMatchObject([
      { video_id: "v1", metaxy_changed_fields: ["audio"] },
    ]);
    await writeChunks(changed, 2);
    await using filled = await store.resolve(Chunk);
    expect(filled.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });

    await writeVideos(store, [sample("v1", "a3"), sample("v2")]);
    await using emptied = await store.resolve(Chunk);
    await store.markEmpty(Chunk, untyped(await emptied.stale.toArray()));
    await using upToDate = await store.resolve(Chunk);
    expect(upToDate.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
    expect(await store.read(Chunk).toArray()).toEqual([]);
  });

  it("counts a marked parent that is gone as orphaned", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using first = await store.resolve(Chunk);
    await store.markEmpty(Chunk, untyped(await first.new.toArray()));
    await using without = await store.resolve(Chunk, {
      filters: untyped({ "video/raw": "video_id != 'v1'" }),
    });
    expect(without.counts).toEqual({ new: 0, stale: 0, orphaned: 1 });
    expect(await without.orphaned.toArray()).toMatchObject([{ video_id: "v1", chunk_id: null, path: null }]);
  });

  it("leaves a marked parent alone that a filter hides on both sides", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await using first = await store.resolve(Chunk);
    await store.markEmpty(Chunk, untyped(await first.new.toArray()));
    await using filtered = await store.resolve(Chunk, { globalFilters: "video_id != 'v1'" });
    expect(filtered.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("refuses a marker for a feature that expands nothing", async () => {
    await using store = await openStore(":memory:");
    await expect(store.markEmpty(Sound, [])).rejects.toMatchObject({
      message: expect.stringMatching(/expansion/),
    });
  });
});

describe("data versions of the writer's own", () => {
  it("stop the ripple where the result did not change", async () => {
    const copy = buildSpec("copy", {
      columns: { video_id: text, path: text },
      ids: ["video_id"],
      deps: ["video/raw"],
      fields: ["audio"],
    });
    const leaf = buildSpec("leaf", {
      columns: { video_id: text, path: text },
      ids: ["video_id"],
      deps: ["copy"],
      fields: ["audio"],
    });
    const [Copy, Leaf] = ["copy", "leaf"].map((key) => loadFeature([video, copy, leaf], key)) as [
      AnyFeature,
      AnyFeature,
    ];
    await using store = await openStore(":memory:");
    const writeContents = async (contents: Record<string, string>) => {
      await using increment = await store.resolve(Copy);
      const rows = Object.entries(contents).map(([id, content]) => ({
        video_id: id,
        path: id,
        metaxy_data_version_by_field: { audio: content },
      }));
      await increment.write(untyped(rows));
    };
    await writeVideos(store, [sample("v1"), sample("v2")]);
    await writeContents({ v1: "same", v2: "old" });
    await using first = await store.resolve(Leaf);
    await first.write(untyped(first.new));

    await writeVideos(store, [sample("v1", "a2"), sample("v2", "a2")]);
    await writeContents({ v1: "same", v2: "other" });
    await using next = await store.resolve(Leaf);
    expect(next.counts).toEqual({ new: 0, stale: 1, orphaned: 0 });
    expect(await next.stale.toArray()).toMatchObject([{ video_id: "v2" }]);
  });
});
