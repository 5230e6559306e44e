import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, DeleteOptions, DeleteResult, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { resolveSets } from "../../../support/recorded-sets.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = (codeVersion: string) => [
  buildSpec("video", {
    columns: { video_id: text, seconds: integer },
    ids: ["video_id"],
    fields: [{ key: "frames", codeVersion }],
  }),
  buildSpec("video/copy", { columns: { video_id: text }, ids: ["video_id"], deps: ["video"] }),
  buildSpec("video/chunk", {
    columns: { video_id: text, chunk: integer, quality: integer },
    ids: ["video_id", "chunk"],
    deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
  }),
  buildSpec("video/length", {
    columns: { video_id: text },
    ids: ["video_id"],
    deps: [{ feature: "video/chunk", lineage: { type: "aggregation", on: ["video_id"] } }],
  }),
];
type Features = Record<"video" | "video/copy" | "video/chunk" | "video/length", AnyFeature>;
const features = loadProject(specs("1"), { hashLength: 64 }) as Features;
const bumped = loadProject(specs("2"), { hashLength: 64 }) as Features;
const { video: Video, "video/copy": Copy, "video/chunk": Chunk, "video/length": Length } = features;

const none: DeleteResult = { samples: 0, rows: 0, rowsWithoutId: 0, emptyParents: 0, examples: [] };

async function writeVideos(
  store: Store,
  ids: readonly string[],
  version = "1",
  feature = Video,
): Promise<void> {
  const rows = ids.map((video_id, seconds) => ({
    video_id,
    seconds,
    metaxy_provenance_by_field: { frames: version },
  }));
  await store.write(feature, untyped(rows));
}

/** Three videos of two chunks each, all computed; `d` has none. */
async function computed(path = ":memory:"): Promise<Store> {
  const store = await openStore(path);
  await writeVideos(store, ["a", "b", "c", "d"]);
  await runAll(store);
  return store;
}

async function runAll(store: Store): Promise<void> {
  const one = async (row: object) => ({ video_id: (row as { video_id: string }).video_id });
  await store.process(Copy, untyped(one));
  await store.process(
    Chunk,
    untyped(async ({ video_id }: { video_id: string }) =>
      video_id === "d" ? [] : [0, 1].map((chunk) => ({ video_id, chunk, quality: chunk })),
    ),
  );
  await store.process(
    Length,
    untyped(async ({ id }: { id: { video_id: string } }) => id),
  );
}

async function remove(
  store: Store,
  feature: AnyFeature,
  which: unknown,
  options: DeleteOptions = {},
): Promise<DeleteResult> {
  return store.delete(feature, untyped(which), options);
}

async function idsOf(store: Store, feature: AnyFeature): Promise<string[]> {
  const rows = (await store.read(feature).toArray()) as unknown as Record<string, unknown>[];
  return rows.map((row) => feature.spec.idColumns.map((id) => String(row[id])).join(""));
}

async function counts(store: Store, feature: AnyFeature): Promise<readonly number[]> {
  await using increment = await store.resolve(feature);
  const incremental = increment.counts;
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(incremental).toEqual(full.counts);
  return [incremental.new, incremental.stale, incremental.orphaned];
}

describe.each([{ hard: false }, { hard: true }])("store.delete, $hard", ({ hard }) => {
  it("takes a filter, and a list of filters that all hold", async () => {
    await using store = await computed();
    const one = await remove(store, Video, "seconds >= 2", { hard });
    expect(one).toEqual({ ...none, samples: 2, rows: 2, examples: [{ video_id: "c" }, { video_id: "d" }] });
    expect(await idsOf(store, Video)).toEqual(["a", "b"]);
    expect(await remove(store, Video, ["seconds >= 0", "video_id = 'a'"], { hard })).toMatchObject({
      samples: 1,
    });
    expect(await idsOf(store, Video)).toEqual(["b"]);
    expect(await remove(store, Video, "TRUE", { hard })).toMatchObject({ samples: 1 });
    expect(await idsOf(store, Video)).toEqual([]);
  });

  it("takes one id, many, rows that were read, and a query", async () => {
    await using store = await computed();
    expect(await remove(store, Video, { video_id: "a" }, { hard })).toMatchObject({ samples: 1, rows: 1 });
    const many = new Set([{ video_id: "b" }, { video_id: "b" }, { video_id: "nowhere" }]);
    expect(await remove(store, Video, many, { hard })).toMatchObject({ samples: 1, rows: 1 });
    const rows = store.read(Video, { filters: "video_id = 'c'" });
    expect(await remove(store, Video, rows, { hard })).toMatchObject({ samples: 1 });
    const query = { sql: "SELECT $1 AS video_id", params: ["d"] };
    expect(await remove(store, Video, query, { hard })).toMatchObject({ samples: 1 });
    expect(await idsOf(store, Video)).toEqual([]);
  });

  it("deletes nothing for an empty list, and nothing twice", async () => {
    await using store = await computed();
    expect(await remove(store, Video, [], { hard })).toEqual(none);
    expect(await remove(store, Video, "seconds > 99", { hard })).toEqual(none);
    await remove(store, Video, "video_id = 'a'");
    expect(await remove(store, Video, "video_id = 'a'")).toEqual(none);
    expect(await idsOf(store, Video)).toEqual(["b", "c", "d"]);
  });

  it("makes expected samples new again, and a write revives them", async () => {
    await using store = await computed();
    await remove(store, Copy, "video_id IN ('a', 'b')", { hard });
    expect(await counts(store, Copy)).toEqual([2, 0, 0]);
    await runAll(store);
    expect(await idsOf(store, Copy)).toEqual(["a", "b", "c", "d"]);
    expect(await counts(store, Copy)).toEqual([0, 0, 0]);
  });

  it("lets features downstream see that samples are gone", async () => {
    await using store = await computed();
    await remove(store, Chunk, { video_id: "a", chunk: 1 }, { hard });
    expect(await counts(store, Length)).toEqual([0, 1, 0]);
    await remove(store, Video, { video_id: "b" }, { hard });
    expect(await counts(store, Copy)).toEqual([0, 0, 1]);
    expect(await counts(store, Chunk)).toEqual([0, 0, 1]);
  });

  it("takes the orphans of an increment: for an expansion, all children of its parents and marks of empty ones", async () => {
    await using store = await computed();
    await remove(store, Video, "video_id IN ('a', 'd')", { hard });
    {
      await using increment = await store.resolve(Copy);
      expect(
        await remove(store, Copy, increment.orphaned.select(untyped("video_id")), { hard }),
      ).toMatchObject({
        samples: 2,
      });
    }
    {
      await using increment = await store.resolve(Chunk);
      expect(increment.counts.orphaned).toBe(2);
      const result = await remove(store, Chunk, increment.orphaned, { hard });
      expect(result).toEqual({
        ...none,
        samples: 2,
        rows: 2,
        emptyParents: 1,
        examples: [
          { video_id: "a", chunk: "0" },
          { video_id: "a", chunk: "1" },
        ],
      });
      const again = remove(store, Chunk, increment.orphaned, { hard });
      // Rows that were moved by the first no longer tell what was written since.
      if (hard)
        await expect(again).rejects.toMatchObject({
          code: "conflict",
          message: expect.stringMatching(/resolve again/),
        });
      else expect(await again).toEqual(none);
    }
    expect(await counts(store, Copy)).toEqual([0, 0, 0]);
    expect(await counts(store, Chunk)).toEqual([0, 0, 0]);
    expect(await counts(store, Length)).toEqual([0, 0, 1]);
    await writeVideos(store, ["a", "d"]);
    expect(await counts(store, Chunk)).toEqual([2, 0, 0]);
  });

  it("takes stale samples, which are new then", async () => {
    await using store = await computed();
    await writeVideos(store, ["a"], "2");
    await using increment = await store.resolve(Copy);
    expect(await remove(store, Copy, increment.stale, { hard })).toMatchObject({ samples: 1 });
    expect(await counts(store, Copy)).toEqual([1, 0, 0]);
  });

  it("takes marks of empty parents away where a filter speaks of parents alone", async () => {
    await using store = await computed();
    expect(await remove(store, Chunk, "quality IS NULL OR quality = 0", { hard })).toMatchObject({
      samples: 3,
      emptyParents: 0,
    });
    expect(await counts(store, Chunk)).toEqual([0, 0, 0]);
    expect(await remove(store, Chunk, "video_id = 'd'", { hard })).toMatchObject({
      samples: 0,
      emptyParents: 1,
    });
    expect(await counts(store, Chunk)).toEqual([1, 0, 0]);
    expect(await remove(store, Chunk, "TRUE", { hard })).toMatchObject({ samples: 3, emptyParents: 0 });
    expect(await counts(store, Chunk)).toEqual([4, 0, 0]);
  });

  it("counts in a dry run what it would delete, and leaves all as it is", async () => {
    const path = await freshPath();
    await (await computed(path)).close();
    const tables = ["video__chunk", "stemma_empty_parent__video__chunk", "stemma_checkpoint"];
    const dump = () => Promise.all(tables.map((table) => queryFile(path, `FROM ${table} ORDER BY ALL`)));
    const before = await dump();
    {
      await using store = await openStore(path, { readOnly: true });
      const counted = await remove(store, Chunk, "video_id IN ('a', 'd')", { hard, dryRun: true });
      expect(counted).toMatchObject({ samples: 2, rows: 2, emptyParents: 1 });
      const refused = remove(store, Chunk, "TRUE", { hard });
      await expect(refused).rejects.toMatchObject({ code: "read-only" });
      await using increment = await store.resolve(Chunk, untyped({ filters: { video: "seconds > 0" } }));
      expect(await remove(store, Chunk, increment.orphaned, { hard, dryRun: true })).toMatchObject({
        samples: 2,
      });
    }
    expect(await dump()).toEqual(before);
  });

  it("leaves samples of a set alone that were written since", async () => {
    await using store = await computed();
    await remove(store, Video, "video_id IN ('a', 'b')", { hard });
    await using increment = await store.resolve(Copy);
    const provenance = { default: "by somebody else" };
    await store.write(Copy, untyped([{ video_id: "a", metaxy_provenance_by_field: provenance }]));
    expect(await remove(store, Copy, increment.orphaned, { hard })).toMatchObject({
      samples: 1,
      examples: [{ video_id: "b" }],
    });
    expect(await idsOf(store, Copy)).toEqual(["a", "c", "d"]);
  });

  it("deletes nothing when it is stopped", async () => {
    await using store = await computed();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(remove(store, Video, "TRUE", { hard, signal })).rejects.toMatchObject({ code: "cancelled" });
    expect(await idsOf(store, Video)).toEqual(["a", "b", "c", "d"]);
    expect(await remove(store, Video, "video_id = 'a'", { hard })).toMatchObject({ samples: 1 });
  });
});

describe("a soft delete", () => {
  it("appends a copy of the latest row with the time of deletion", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      await writeVideos(store, ["a"], "2");
      await remove(store, Video, "video_id = 'a'");
    }
    const rows = await queryFile(
      path,
      `SELECT metaxy_provenance_by_field.frames AS version, metaxy_deleted_at IS NOT NULL AS deleted,
         metaxy_updated_at = metaxy_deleted_at AS same FROM video WHERE video_id = 'a' ORDER BY metaxy_updated_at`,
    );
    expect(rows).toEqual([
      { version: "1", deleted: false, same: null },
      { version: "2", deleted: false, same: null },
      { version: "2", deleted: true, same: true },
    ]);
  });

  it("leaves the sets of an open increment as they were", async () => {
    await using store = await computed();
    await writeVideos(store, ["a", "b", "e"], "2");
    const before = await resolveSets(store, Copy, {});
    await using increment = await store.resolve(Copy);
    await remove(store, Video, "TRUE");
    await remove(store, Copy, "video_id = 'b'");
    expect(await increment.new.toArray()).toEqual(before.new);
    expect(await increment.stale.toArray()).toEqual(before.stale);
    await increment.write(untyped(increment.new));
    await increment.write(untyped(increment.stale));
    expect(await idsOf(store, Copy)).toEqual(["a", "b", "c", "d", "e"]);
    expect(await counts(store, Copy)).toEqual([0, 0, 5]);
  });
});

describe("a hard delete", () => {
  it("removes all rows of a sample, deleted ones as well, so that none comes back", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      await writeVideos(store, ["a"], "2");
      await remove(store, Video, "video_id = 'a'");
      expect(await remove(store, Video, "video_id = 'a'", { hard: true, dryRun: true })).toMatchObject({
        rows: 3,
      });
      expect(await remove(store, Video, "video_id = 'a'", { hard: true })).toMatchObject({
        samples: 0,
        rows: 3,
      });
      expect(await idsOf(store, Video)).toEqual(["b", "c", "d"]);
    }
    expect(await queryFile(path, "FROM video WHERE video_id = 'a'")).toEqual([]);
  });

  it("leaves no id behind in what is remembered of features downstream", async () => {
    const path = await freshPath();
    await using store = await computed(path);
    await remove(store, Video, "video_id = 'a'");
    await counts(store, Copy);
    await writeVideos(store, ["e"]);
    {
      // What is answered is recorded with the orphans that stay open.
      await using increment = await store.resolve(Copy);
      await increment.write(untyped(increment.new));
    }
    await remove(store, Copy, "video_id = 'a'", { hard: true });
    await remove(store, Video, "video_id = 'a'", { hard: true });
    await store.close();
    expect(await queryFile(path, "FROM stemma_pending__video__copy WHERE video_id = 'a'")).toEqual([]);
    expect(await queryFile(path, "SELECT feature FROM stemma_checkpoint ORDER BY ALL")).toEqual([
      { feature: "video/length" },
    ]);
  });
});

describe("rows of older feature versions", () => {
  it("stay, unless all history is to go", async () => {
    const path = await freshPath();
    const store = await computed(path);
    const { video: Newer } = bumped;
    await writeVideos(store, ["a", "b"], "2", Newer);
    expect(await remove(store, Newer, "video_id = 'a'", { hard: true })).toMatchObject({
      samples: 1,
      rows: 1,
    });
    expect(await idsOf(store, Video)).toEqual(["a", "b", "c", "d"]);
    expect(await remove(store, Newer, { video_id: "b" }, { history: true, dryRun: true })).toMatchObject({
      samples: 1,
      rows: 2,
    });
    expect(await remove(store, Newer, { video_id: "b" }, { history: true })).toMatchObject({
      samples: 1,
      rows: 2,
    });
    expect(await idsOf(store, Video)).toEqual(["a", "c", "d"]);
    expect(await idsOf(store, Newer)).toEqual([]);
    const all = await remove(store, Newer, "video_id IN ('a', 'b')", { hard: true, history: true });
    expect(all).toMatchObject({ samples: 1, rows: 5 });
    await store.close();
    expect(await queryFile(path, "SELECT DISTINCT video_id FROM video ORDER BY ALL")).toEqual([
      { video_id: "c" },
      { video_id: "d" },
    ]);
  });

  it("make orphans downstream wait, so that these are deleted with force alone", async () => {
    await using store = await computed();
    await using increment = await store.resolve(bumped["video/copy"]);
    expect(increment.pendingUpstream).toMatchObject([{ feature: "video" }]);
    // The copies of the older version are no rows of this one; those that were written for it are orphans.
    await store.write(
      bumped["video/copy"],
      untyped([{ video_id: "a", metaxy_provenance_by_field: { default: "x" } }]),
    );
    await using waiting = await store.resolve(bumped["video/copy"]);
    expect(waiting.counts).toEqual({ new: 0, stale: 0, orphaned: 1 });
    const refused = remove(store, bumped["video/copy"], waiting.orphaned);
    await expect(refused).rejects.toMatchObject({
      name: "StoreError",
      code: "upstream-pending",
      message: expect.stringMatching(
        /^Orphaned rows of video\/copy may only be waiting: 4 samples of video are stored under older versions only\. Run video .*force: true/,
      ),
    });
    const selected = remove(store, bumped["video/copy"], waiting.orphaned.select(untyped("video_id")));
    await expect(selected).rejects.toMatchObject({ code: "upstream-pending" });
    expect(await remove(store, bumped["video/copy"], waiting.orphaned, { force: true })).toMatchObject({
      samples: 1,
    });
  });
});

describe("what can't be deleted", () => {
  it.each([
    ["no target", undefined, "wrong-type", /takes a filter, ids or a set/],
    ["a number", 5, "wrong-type", /an id of video\/copy is an object with video_id/],
    ["a list of numbers", [5], "wrong-type", /takes a filter, ids or a set/],
    ["a list of filters and ids", ["video_id = 'a'", { video_id: "a" }], "wrong-type", /takes a filter/],
    ["an empty filter", "", "filter-syntax", /can't be used/],
    ["a filter on what is not there", "vidoe_id = 'a'", "unknown-column", /Did you mean "video_id"/],
    ["a system column", "metaxy_updated_at > '2020-01-01'", "unknown-column", /metaxy_updated_at/],
    ["an id without its column", [{ id: "a" }], "missing-column", /Id 1 of video\/copy lacks video_id/],
    ["a null id", { video_id: null }, "null-id", /"video_id IS NULL"/],
    ["an id of another type", { video_id: 5 }, "wrong-type", /video_id/],
    ["an id with something else", { video_id: "a", chunk: 1 }, "undeclared-column", /"chunk"/],
    ["a query without the id", { sql: "SELECT 'a' AS id" }, "missing-column", /The query for ids/],
    ["a query that fails", { sql: "SELECT" }, "wrong-sql", /failed/],
  ])("%s", async (_, which, code, message) => {
    await using store = await computed();
    for (const dryRun of [true, false])
      await expect(remove(store, Copy, which, { dryRun })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    expect(await idsOf(store, Copy)).toEqual(["a", "b", "c", "d"]);
  });

  it("a set of another feature, another store, a closed increment, or of new samples", async () => {
    await using store = await computed();
    await using other = await computed();
    await using increment = await store.resolve(Copy);
    await using elsewhere = await other.resolve(Copy);
    const code = "unusable-set";
    await expect(remove(store, Chunk, increment.orphaned)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/of video\/copy/),
    });
    const older = remove(store, bumped["video/copy"], increment.orphaned);
    await expect(older).rejects.toMatchObject({ code });
    await expect(remove(store, Copy, elsewhere.orphaned)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/another store/),
    });
    await expect(remove(store, Copy, increment.new)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/no stored samples/),
    });
    await increment.close();
    await expect(remove(store, Copy, increment.orphaned)).rejects.toMatchObject({ code: "closed" });
  });

  it.each([
    ["a filter", "TRUE"],
    ["ids", [{ video_id: "a" }]],
  ])("in a store that is being closed, unless it was begun: %s", async (_, which) => {
    const store = await computed();
    const codeOf = (error: { code: string }) => error.code;
    const deleting = remove(store, Copy, which).then(({ samples }) => samples > 0, codeOf);
    const reading = store
      .read(Copy)
      .toArray()
      .then(() => true, codeOf);
    await store.close();
    for (const outcome of [await deleting, await reading]) expect([true, "closed"]).toContain(outcome);
  });

  it("with options that do not exist", async () => {
    await using store = await computed();
    const misspelt = remove(store, Copy, "TRUE", untyped({ harder: true }));
    await expect(misspelt).rejects.toMatchObject({
      code: "unknown-option",
      message: expect.stringMatching(/hard, history, force/),
    });
    const dropped = store.drop(Copy, untyped({ hard: true }));
    await expect(dropped).rejects.toMatchObject({
      code: "unknown-option",
      message: expect.stringMatching(/dryRun, signal/),
    });
  });

  it("what was never written: that is no error", async () => {
    await using store = await openStore(":memory:");
    for (const hard of [false, true]) {
      expect(await remove(store, Chunk, "video_id = 'a'", { hard })).toEqual(none);
      expect(await remove(store, Chunk, { video_id: "a", chunk: 1 }, { hard })).toEqual(none);
    }
    await expect(remove(store, Chunk, "colour = 'red'")).rejects.toMatchObject({ code: "unknown-column" });
  });
});
