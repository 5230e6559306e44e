import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store, StoreWarning } from "../../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { simulateAt } from "../../../support/count-rows.ts";
import { foreign } from "../../../support/foreign.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;
type Features = Record<"video" | "chunk" | "caption" | "summary", AnyFeature>;

/** A project whose captions are told apart by some ids; nothing else changes, and so their feature version stays. */
function project(kind: "by chunk" | "by video" | "by both"): Features {
  const ids = { "by chunk": ["chunk_id"], "by video": ["video_id"], "by both": ["video_id", "chunk_id"] }[
    kind
  ];
  const column = (name: string) => (ids.includes(name) ? text : maybeText);
  const dep = { feature: "chunk", select: ["video_id"] };
  return loadProject(
    [
      buildSpec("video", { columns: { video_id: text }, ids: ["video_id"] }),
      buildSpec("chunk", {
        columns: { video_id: text, chunk_id: text },
        ids: ["chunk_id"],
        deps: [{ feature: "video", lineage: { type: "expansion", on: ["video_id"] } }],
      }),
      buildSpec("caption", {
        columns: { video_id: column("video_id"), chunk_id: column("chunk_id"), words: maybeText },
        ids,
        deps: [kind === "by video" ? { ...dep, lineage: { type: "aggregation", on: ["video_id"] } } : dep],
      }),
      buildSpec("summary", {
        columns: Object.fromEntries(ids.map((id) => [id, text])),
        ids,
        deps: ["caption"],
      }),
    ],
    { hashLength: 64 },
  ) as Features;
}

const byChunk = project("by chunk");
const byVideo = project("by video");
const byBoth = project("by both");

const names = ["a", "b"];

async function writeChunks(store: Store, version = "1"): Promise<void> {
  await store.write(
    byChunk.video,
    untyped(names.map((video_id) => ({ video_id, metaxy_provenance_by_field: { default: version } }))),
  );
  const cut = ({ video_id }: Row) => [0, 1].map((n) => ({ video_id, chunk_id: `${video_id}${n}` }));
  await store.process(byChunk.chunk, untyped(cut));
}

/** Runs captions as the project has them; video_id arrives with a chunk. */
async function run(store: Store, { caption, summary }: Features, words: string): Promise<number> {
  const columns = caption.spec.idColumns.includes("chunk_id") ? ["chunk_id", "video_id"] : ["video_id"];
  const work = (workItem: Row) => {
    const row = (workItem["rows"] as Row[] | undefined)?.[0] ?? workItem;
    return { ...Object.fromEntries(columns.map((column) => [column, row[column]])), words };
  };
  const { written, failed } = await store.process(caption, untyped(work));
  expect(failed).toEqual([]);
  const pick = (row: Row) => Object.fromEntries(summary.spec.idColumns.map((id) => [id, row[id]]));
  expect((await store.process(summary, untyped(pick))).failed).toEqual([]);
  return written;
}

async function counts(store: Store, feature: AnyFeature): Promise<object> {
  await using increment = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(full.counts).toEqual(increment.counts);
  return increment.counts;
}

const read = async (store: Store, feature: AnyFeature) =>
  (await store.read(feature).toArray()).map((row) => {
    const { video_id, chunk_id, words } = row as unknown as Row;
    return [video_id, chunk_id, words];
  });

const inSync = { new: 0, stale: 0, orphaned: 0 };

describe("id columns that change under one feature version", () => {
  it("make all expected rows new, and the old rows come back with the old ids", async () => {
    const path = await freshPath();
    const store = await openStore(path, { onWarning: () => undefined });
    expect(byVideo.caption.featureVersion).toBe(byChunk.caption.featureVersion);
    await writeChunks(store);
    expect(await run(store, byChunk, "chunk")).toBe(4);
    // A chunk's row has a video_id too, and is no row of a video for all that.
    expect(await counts(store, byVideo.caption)).toEqual({ new: 2, stale: 0, orphaned: 0 });
    expect(await read(store, byVideo.caption)).toEqual([]);
    expect(await run(store, byVideo, "video")).toBe(2);
    expect(await counts(store, byVideo.caption)).toEqual(inSync);
    expect(await counts(store, byVideo.summary)).toEqual(inSync);
    expect(await read(store, byVideo.caption)).toEqual([
      ["a", null, "video"],
      ["b", null, "video"],
    ]);

    expect(await counts(store, byChunk.caption)).toEqual(inSync);
    expect(await counts(store, byChunk.summary)).toEqual(inSync);
    expect((await read(store, byChunk.caption)).map(([, chunk]) => chunk)).toEqual(["a0", "a1", "b0", "b1"]);
    await store.close();

    // What is written then is told apart too, from another process as well.
    await using again = await openStore(path, { onWarning: () => undefined });
    await writeChunks(again, "2");
    expect(await counts(again, byChunk.caption)).toEqual({ new: 0, stale: 4, orphaned: 0 });
    expect(await counts(again, byVideo.caption)).toEqual({ new: 0, stale: 2, orphaned: 0 });
    expect(await run(again, byChunk, "chunk again")).toBe(4);
    expect(await counts(again, byVideo.caption)).toEqual({ new: 0, stale: 2, orphaned: 0 });
    expect(await run(again, byVideo, "video again")).toBe(2);
    for (const features of [byChunk, byVideo])
      for (const feature of [features.caption, features.summary])
        expect(await counts(again, feature)).toEqual(inSync);
  });

  it("may gain one that the table lacks, and lose it again", async () => {
    const narrow = { ...byVideo.caption.spec.columns };
    delete (narrow as Record<string, string>)["chunk_id"];
    const before = {
      ...byVideo,
      caption: { ...byVideo.caption, spec: { ...byVideo.caption.spec, columns: narrow } } as AnyFeature,
    };
    const warnings: StoreWarning[] = [];
    await using store = await openStore(":memory:", { onWarning: (warning) => warnings.push(warning) });
    await writeChunks(store);
    expect(await run(store, before, "video")).toBe(2);
    expect(await counts(store, byBoth.caption)).toEqual({ new: 4, stale: 0, orphaned: 0 });
    expect(await read(store, byBoth.caption)).toEqual([]);
    expect(await run(store, byBoth, "both")).toBe(4);
    expect(await counts(store, byBoth.caption)).toEqual(inSync);
    expect(await counts(store, byBoth.summary)).toEqual(inSync);
    expect(await counts(store, before.caption)).toEqual(inSync);
    expect(await read(store, before.caption)).toEqual([
      ["a", undefined, "video"],
      ["b", undefined, "video"],
    ]);
    // They are ours, written under other ids: nothing is wrong with them, and nobody is sent to remove them.
    expect(warnings).toEqual([]);
  });

  it("are spared by a delete of rows without an id, and count again when the ids are taken back", async () => {
    await using store = await openStore(":memory:", { onWarning: () => undefined });
    await writeChunks(store);
    await run(store, byVideo, "video");
    await run(store, byChunk, "chunk");
    const deleted = await store.delete(byChunk.caption, "chunk_id IS NULL");
    expect(deleted).toMatchObject({ samples: 0, rowsWithoutId: 0 });
    expect(await counts(store, byVideo.caption)).toEqual(inSync);
    expect(await read(store, byVideo.caption)).toHaveLength(2);
  });

  it("say downstream that the upstream has to run under its ids first", async () => {
    await using store = await openStore(":memory:", { onWarning: () => undefined });
    await writeChunks(store);
    await run(store, byChunk, "chunk");
    {
      await using increment = await store.resolve(byVideo.summary);
      expect(increment.pendingUpstream).toEqual([{ feature: "caption", samples: 4, reason: "other-ids" }]);
    }
    await run(store, byVideo, "video");
    await using increment = await store.resolve(byVideo.summary);
    expect(increment.pendingUpstream).toEqual([]);
  });

  it("leave the times of creation of other ids alone", async () => {
    await using store = await openStore(":memory:", { onWarning: () => undefined });
    await writeChunks(store);
    await run(store, byChunk, "chunk");
    const [first] = await store.read(byChunk.caption).toArray();
    await run(store, byVideo, "video");
    const [second] = await store.read(byVideo.caption).toArray();
    expect(String(second?.metaxy_created_at) > String(first?.metaxy_created_at)).toBe(true);
  });

  it("leave the rows of another program in place, whenever it wrote them", async () => {
    const path = await freshPath();
    const open = () => openStore(path, { onWarning: () => undefined });
    {
      await using store = await open();
      await writeChunks(store);
      await run(store, byChunk, "chunk");
    }
    const rewrite = (words: string) =>
      foreign(
        path,
        `INSERT INTO caption SELECT * REPLACE ('${words}' AS words, now() AS metaxy_updated_at)
         FROM caption WHERE chunk_id = 'a0' LIMIT 1`,
      );
    await rewrite("foreign");
    {
      await using store = await open();
      await run(store, byVideo, "video");
      await writeChunks(store, "2");
      await run(store, byVideo, "video");
      expect(await read(store, byChunk.caption)).toContainEqual(["a", "a0", "foreign"]);
    }
    await rewrite("foreign too");
    await using store = await open();
    // It has both ids, and so it counts under either.
    expect(await read(store, byChunk.caption)).toContainEqual(["a", "a0", "foreign too"]);
    expect(await read(store, byVideo.caption)).toEqual([
      ["a", "a0", "foreign too"],
      ["b", null, "video"],
    ]);
  });

  it("of an upstream change the grain of an expansion, its markers and what it left open", async () => {
    const cuts = (ids: readonly string[]) =>
      loadProject(
        [
          buildSpec("video", { columns: { video_id: text, take: text }, ids }),
          buildSpec("chunk", {
            columns: { video_id: text, take: text, chunk_id: text },
            ids: [...ids, "chunk_id"],
            deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ids } }],
          }),
        ],
        { hashLength: 64 },
      ) as Record<"video" | "chunk", AnyFeature>;
    await using store = await openStore(":memory:", { onWarning: () => undefined });
    const sample = (video_id: string, take: string) => ({
      video_id,
      take,
      metaxy_provenance_by_field: { default: "1" },
    });
    const cut = ({ video_id, take }: Row) =>
      take === "1" ? [] : [{ video_id, take: take ?? "0", chunk_id: "c" }];
    const [one, two] = [cuts(["video_id"]), cuts(["video_id", "take"])];
    for (const features of [two, one, two]) {
      const takes =
        features === one
          ? [sample("a", "1"), sample("b", "2")]
          : [sample("a", "1"), sample("a", "2"), sample("b", "1")];
      await store.write(features.video, untyped(takes));
      const { failed } = await store.process(features.chunk, untyped(cut));
      expect(failed).toEqual([]);
      expect(await counts(store, features.chunk)).toEqual(inSync);
    }
  });
});

describe("rows without an id", () => {
  const {
    root: Root,
    child: Child,
    lone: Lone,
  } = loadProject(
    [
      buildSpec("root", { columns: { id: text, part: text }, ids: ["id", "part"] }),
      buildSpec("child", { columns: { id: text, part: text }, ids: ["id", "part"], deps: ["root"] }),
      buildSpec("lone", {
        columns: { id: text, part: text },
        ids: ["id", "part"],
        deps: [{ feature: "root", optional: true }],
      }),
    ],
    { hashLength: 64 },
  ) as Record<"root" | "child" | "lone", AnyFeature>;

  async function broken(...statements: string[]): Promise<string> {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      const sample = (id: string) => ({ id, part: "p", metaxy_provenance_by_field: { default: "1" } });
      await store.write(Root, untyped(["a", "b", "c"].map(sample)));
      await store.process(
        Child,
        untyped(({ id, part }: Row) => ({ id, part })),
      );
    }
    await foreign(path, ...statements);
    return path;
  }

  it("are left aside upstream and in the target, with one warning for each table", async () => {
    const path = await broken(
      "UPDATE root SET id = NULL WHERE id = 'a'",
      "UPDATE child SET part = NULL WHERE id = 'b'",
    );
    const warnings: StoreWarning[] = [];
    await using store = await openStore(path, { onWarning: (warning) => warnings.push(warning) });
    for (let times = 0; times < 3; times++) {
      await using increment = await store.resolve(Child);
      expect(increment.counts).toEqual({ new: 1, stale: 0, orphaned: 1 });
      expect(increment.warnings.map(({ facts }) => [facts["table"], facts["rows"]])).toEqual([
        ["root", 1],
        ["child", 1],
      ]);
    }
    expect((await store.read(Child).toArray()).map((row) => row[untyped("id")])).toEqual(["a", "c"]);
    expect(warnings).toEqual([
      {
        code: "null-id",
        message: `1 row has no id or no part in the table root of ${path}, and so is left aside: an id is never null. This command removes it: stemma delete root --where "id IS NULL OR part IS NULL"`,
        facts: {
          feature: "root",
          table: "root",
          rows: 1,
          columns: ["id", "part"],
          command: 'stemma delete root --where "id IS NULL OR part IS NULL"',
        },
      },
      expect.objectContaining({ facts: expect.objectContaining({ table: "child" }) as object }),
    ]);
    expect(
      (
        await store.process(
          Child,
          untyped(({ id, part }: Row) => ({ id, part })),
        )
      ).failed,
    ).toEqual([]);
    expect(await counts(store, Child)).toEqual({ new: 0, stale: 0, orphaned: 1 });
  });

  it("are reported by reading alone, and through process.emitWarning unless somebody listens", async () => {
    const path = await broken("UPDATE root SET id = NULL WHERE id = 'a'");
    const heard: Error[] = [];
    const listen = (warning: Error) => heard.push(warning);
    process.on("warning", listen);
    try {
      await using store = await openStore(path);
      for (let times = 0; times < 2; times++) expect(await store.read(Root).toArray()).toHaveLength(2);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("warning", listen);
    }
    expect(heard).toMatchObject([
      { name: "StemmaWarning", code: "null-id", message: expect.stringMatching(/1 row has no id/) },
    ]);
  });

  it.each(["child", "lone"])("are an error where all of an upstream are such, to %s", async (key) => {
    const path = await broken("UPDATE root SET id = NULL");
    await using store = await openStore(path, { onWarning: () => undefined });
    await expect(store.resolve(key === "child" ? Child : Lone)).rejects.toMatchObject({
      name: "StoreError",
      code: "null-id-stored",
      message: expect.stringMatching(/All 3 stored rows of root .*Run root first.*stemma delete root/),
    });
    expect(await store.read(Root).toArray()).toEqual([]);
    await using samples = await store.resolve(Root, {
      samples: untyped([{ id: "a", part: "p", metaxy_provenance_by_field: { default: "1" } }]),
    });
    expect(samples.counts).toEqual({ new: 1, stale: 0, orphaned: 0 });
  });

  it("are no error where the others were deleted, or where those without an id are", async () => {
    const deleted =
      "INSERT INTO root SELECT * REPLACE (now() AS metaxy_updated_at, now() AS metaxy_deleted_at) FROM root";
    const gone = await broken("UPDATE root SET id = NULL WHERE id = 'a'", `${deleted} WHERE id IS NOT NULL`);
    await using store = await openStore(gone, { onWarning: () => undefined });
    await expect(store.resolve(Child)).rejects.toMatchObject({ code: "null-id-stored" });
    const marks = await broken(`UPDATE root SET id = NULL, metaxy_deleted_at = now()`);
    await using other = await openStore(marks, { onWarning: () => undefined });
    await using increment = await other.resolve(Child);
    expect(increment.counts).toEqual({ new: 0, stale: 0, orphaned: 3 });
  });

  it("do not stop a write", async () => {
    const path = await broken("UPDATE root SET id = NULL WHERE id = 'a'");
    await using store = await openStore(path, { onWarning: () => undefined });
    const sample = { id: "a", part: "p", metaxy_provenance_by_field: { default: "2" } };
    expect(await store.write(Root, untyped([sample]))).toEqual({ rows: 1, superseded: 0 });
    expect(await store.read(Root).toArray()).toHaveLength(3);
  });
});

describe("rows that lack what is required", () => {
  it("are counted without those of other ids, also in a view", async () => {
    const path = await freshPath();
    const required = loadProject(
      [buildSpec("caption", { columns: { chunk_id: text, words: text }, ids: ["chunk_id"] })],
      { hashLength: 64 },
    )["caption"] as AnyFeature;
    const byName = loadProject(
      [buildSpec("caption", { columns: { name: text, words: maybeText }, ids: ["name"] })],
      { hashLength: 64 },
    )["caption"] as AnyFeature;
    const optional = loadProject(
      [buildSpec("caption", { columns: { chunk_id: text, words: maybeText }, ids: ["chunk_id"] })],
      { hashLength: 64 },
    )["caption"] as AnyFeature;
    const versions = { metaxy_provenance_by_field: { default: "1" } };
    {
      await using store = await openStore(path);
      await store.write(
        optional,
        untyped([
          { chunk_id: "a", ...versions },
          { chunk_id: "b", ...versions },
        ]),
      );
      await store.write(byName, untyped([{ name: "n", ...versions }]));
    }
    const simulated = [
      {
        feature: required,
        permissive: required,
        retainedColumns: ["chunk_id"],
        keys: {},
        valueDependencies: [],
      },
    ];
    const expected = [{ column: "words", rule: "required", rows: 2 }];
    expect((await simulateAt(path, simulated)).counts.get("caption")?.misfits).toEqual(expected);
    await foreign(path, "ALTER TABLE caption RENAME TO old", "CREATE VIEW caption AS FROM old");
    expect((await simulateAt(path, simulated)).counts.get("caption")?.misfits).toMatchObject([
      { column: "words" },
    ]);
  });
});
