import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { foreign } from "../../../support/foreign.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

const { video: Video, chunk: Chunk } = loadProject(
  [
    buildSpec("video", { columns: { video_id: text }, ids: ["video_id"] }),
    buildSpec("chunk", {
      columns: { video_id: text, chunk_id: text },
      ids: ["chunk_id"],
      deps: [{ feature: "video", lineage: { type: "expansion", on: ["video_id"] } }],
    }),
  ],
  { hashLength: 64 },
) as Record<"video" | "chunk", AnyFeature>;

type Cut = Readonly<Record<string, string>>;

/** Children as a worker gives them: `{ a: "k1 k2" }`. */
const rows = (cut: Cut) =>
  untyped(
    Object.entries(cut).flatMap(([video_id, chunks]) =>
      chunks
        .split(" ")
        .filter((chunk_id) => chunk_id !== "")
        .map((chunk_id) => ({ video_id, chunk_id })),
    ),
  );

const worker = (cut: Cut) =>
  untyped((video: { video_id: string }) => rows({ [video.video_id]: cut[video.video_id] ?? "" }));

async function writeVideos(store: Store, names: string, version = "1"): Promise<void> {
  const samples = names.split(" ").map((video_id) => ({
    video_id,
    metaxy_provenance_by_field: { default: `${video_id}${version}` },
  }));
  await store.write(Video, untyped(samples));
}

/** A store in which videos are cut. */
async function cutVideos(cut: Cut, path = ":memory:"): Promise<Store> {
  const store = await openStore(path);
  await writeVideos(store, Object.keys(cut).join(" "));
  await store.process(Chunk, worker(cut));
  return store;
}

const chunks = async (store: Store) =>
  (await store.read(Chunk).toArray()).map((row) => `${row[untyped("video_id")]}:${row[untyped("chunk_id")]}`);

/** What a resolve finds, by video; recalled and looking at everything. */
async function found(store: Store): Promise<unknown> {
  const countsWith = async (options: object) => {
    await using increment = await store.resolve(Chunk, untyped(options));
    const names = async (set: "new" | "stale" | "orphaned") =>
      (await increment[set].toArray()).map((row) => row[untyped("video_id")] as string);
    return { new: await names("new"), stale: await names("stale"), orphaned: await names("orphaned") };
  };
  const incremental = await countsWith({});
  expect(incremental).toEqual(await countsWith({ fullRefresh: true }));
  return incremental;
}

const nothing = { new: [], stale: [], orphaned: [] };

const refusal = {
  name: "InputError",
  code: "id-of-other-parent",
  message: expect.stringMatching(/chunk_id = "k1" for video_id = "b".*belongs to video_id = "a"/) as string,
  facts: { feature: "chunk", id: { chunk_id: "k1" }, parent: { video_id: "b" }, holder: { video_id: "a" } },
};

describe("an id of a parent that is in sync", () => {
  const same = { a: "0 1", b: "0 1", c: "0 1" };

  it.each([1, 2, 3, undefined])("fails the items that ask for it, batchSize %s", async (batchSize) => {
    await using store = await openStore(":memory:");
    await writeVideos(store, "a b c");
    const totals = await store.process(
      Chunk,
      worker({ ...same, c: "2" }),
      batchSize === undefined ? {} : { batchSize },
    );
    expect(totals).toMatchObject({ written: 2, rows: 3 });
    expect(totals.failed).toMatchObject([{ id: { video_id: "b" }, error: { code: "id-of-other-parent" } }]);
    expect(await chunks(store)).toEqual(["a:0", "a:1", "c:2"]);
    expect(await found(store)).toEqual({ new: ["b"], stale: [], orphaned: [] });
  });

  it("goes to the next one where the rows of the first are refused", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, "a b c");
    const work = untyped(({ video_id }: { video_id: string }) => [
      { video_id, chunk_id: "", ...(video_id === "a" ? { odd: 1 } : {}) },
    ]);
    const totals = await store.process(Chunk, work);
    expect(totals).toMatchObject({ written: 1, rows: 1 });
    expect(totals.failed.map(({ id, error }) => [id, error.code])).toEqual([
      [{ video_id: "a" }, "undeclared-column"],
      [{ video_id: "c" }, "id-of-other-parent"],
    ]);
    expect(await chunks(store)).toEqual(["b:"]);
  });

  it("costs a few writes, however many parents ask for it", async () => {
    await using store = await openStore(":memory:");
    await store.write(
      Video,
      untyped({
        sql: "SELECT concat('v', i) AS video_id, {'default': '1'} AS metaxy_provenance_by_field FROM range(20000) r(i)",
      }),
    );
    const work = untyped(({ video_id }: { video_id: string }) => rows({ [video_id]: "0 1" }));
    for (const written of [1, 0]) {
      const totals = await store.process(Chunk, work, { maxFailures: Number.POSITIVE_INFINITY });
      expect([totals.written, totals.failed.length]).toEqual([written, 20_000 - 1]);
      expect(totals.failed.at(-1)).toMatchObject({ error: { code: "id-of-other-parent" } });
    }
  });

  const writes: readonly [how: string, write: (store: Store) => Promise<unknown>][] = [
    [
      "rows of an increment",
      async (store) => {
        await using increment = await store.resolve(Chunk);
        await increment.write(rows({ b: "k1 k3" }));
      },
    ],
    [
      "SQL of an increment",
      async (store) => {
        await using increment = await store.resolve(Chunk);
        await increment.write(untyped({ sql: "SELECT 'b' AS video_id, 'k1' AS chunk_id" }));
      },
    ],
    [
      "store.write",
      (store) =>
        store.write(
          Chunk,
          untyped([{ video_id: "b", chunk_id: "k1", metaxy_provenance_by_field: { default: "x" } }]),
        ),
    ],
    [
      "store.write of SQL",
      (store) =>
        store.write(
          Chunk,
          untyped({
            sql: "SELECT 'b' AS video_id, 'k1' AS chunk_id, {'default': 'x'} AS metaxy_provenance_by_field",
          }),
        ),
    ],
  ];

  it.each(writes)("is refused in %s, naming both, and nothing is written", async (_, write) => {
    await using store = await cutVideos({ a: "k1 k2" });
    await writeVideos(store, "b");
    await expect(write(store)).rejects.toMatchObject(refusal);
    expect(await chunks(store)).toEqual(["a:k1", "a:k2"]);
    expect(await found(store)).toEqual({ new: ["b"], stale: [], orphaned: [] });
  });

  it("is refused in a set that is written as it is", async () => {
    const { clip: Clip, cut: CutOf } = loadProject(
      [
        buildSpec("clip", { columns: { clip_id: text, first: text }, ids: ["clip_id"] }),
        buildSpec("cut", {
          columns: { clip_id: text, first: text },
          ids: ["first"],
          deps: [{ feature: "clip", lineage: { type: "expansion", on: ["clip_id"] } }],
        }),
      ],
      { hashLength: 64 },
    ) as Record<"clip" | "cut", AnyFeature>;
    await using store = await openStore(":memory:");
    const clip = (clip_id: string) => ({
      clip_id,
      first: "k1",
      metaxy_provenance_by_field: { default: "1" },
    });
    for (const name of ["a", "b"]) {
      await store.write(Clip, untyped([clip(name)]));
      await using increment = await store.resolve(CutOf);
      const written = increment.write(untyped(increment.new));
      if (name === "a") expect(await written).toMatchObject({ rows: 1 });
      else await expect(written).rejects.toMatchObject({ code: "id-of-other-parent" });
    }
  });

  it("is refused where the increment asks again for all", async () => {
    await using store = await cutVideos({ a: "k1 k2", b: "k3" });
    await using increment = await store.resolve(Chunk, { skipComparison: true });
    await expect(increment.write(rows({ b: "k1" }))).rejects.toMatchObject(refusal);
  });

  it("is refused in a second increment that was resolved before", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, "a b");
    await using first = await store.resolve(Chunk);
    await using second = await store.resolve(Chunk);
    await first.write(rows({ a: "k1" }));
    await expect(second.write(rows({ b: "k1" }))).rejects.toMatchObject(refusal);
    expect(await found(store)).toEqual({ new: ["b"], stale: [], orphaned: [] });
  });

  it("is refused while nobody can tell what is expected", async () => {
    const path = await freshPath();
    await (await cutVideos({ a: "k1" }, path)).close();
    await foreign(path, "DROP TABLE video");
    await using store = await openStore(path);
    const row = { video_id: "b", chunk_id: "k1", metaxy_provenance_by_field: { default: "x" } };
    await expect(store.write(Chunk, untyped([row]))).rejects.toMatchObject(refusal);
  });

  it("may be written under its parent again, and in ids that tell it", async () => {
    await using store = await cutVideos({ a: "k1 k2" });
    await using increment = await store.resolve(Chunk, { skipComparison: true });
    expect(await increment.write(rows({ a: "k1 k2" }))).toEqual({ rows: 2, superseded: 0 });
  });
});

describe("a parent that gives its ids up", () => {
  it("is one that is orphaned", async () => {
    const path = await freshPath();
    await (await cutVideos({ a: "k1 k2" }, path)).close();
    await foreign(
      path,
      "INSERT INTO video SELECT * REPLACE (now() AS metaxy_updated_at, now() AS metaxy_deleted_at) FROM video",
    );
    await using store = await openStore(path);
    await writeVideos(store, "b");
    expect(await store.process(Chunk, worker({ b: "k1" }))).toMatchObject({ written: 1, failed: [] });
    expect(await chunks(store)).toEqual(["b:k1", "a:k2"]);
    expect(await found(store)).toEqual({ new: [], stale: [], orphaned: ["a"] });

    // It comes back, and has lost an id meanwhile, though what is left of it has the right provenance.
    await writeVideos(store, "a");
    expect(await found(store)).toEqual({ new: [], stale: ["a"], orphaned: [] });
    expect(await store.process(Chunk, worker({ a: "k2" }))).toMatchObject({ written: 1, failed: [] });
    expect(await found(store)).toEqual(nothing);
  });

  it("is one that samples don't name", async () => {
    await using store = await cutVideos({ a: "k1" });
    const samples = [{ video_id: "b", chunk_id: "", metaxy_provenance_by_field: { default: "x" } }];
    await using increment = await store.resolve(Chunk, untyped({ samples }));
    expect(await increment.write(rows({ b: "k1" }))).toMatchObject({ rows: 1 });
  });

  it("is not one that samples name, and that is in sync with them", async () => {
    await using store = await openStore(":memory:");
    const sample = (video_id: string) => ({
      video_id,
      chunk_id: "",
      metaxy_provenance_by_field: { default: "x" },
    });
    await using increment = await store.resolve(Chunk, untyped({ samples: [sample("a"), sample("b")] }));
    await increment.write(rows({ a: "k1" }));
    await expect(increment.write(rows({ b: "k1" }))).rejects.toMatchObject(refusal);
  });

  it("is a stale one, which is written first and keeps what it names again", async () => {
    for (const [a, expected, failed] of [
      ["k1", ["a:k1", "b:k2"], []],
      ["k1 k2", ["a:k1", "a:k2"], [{ id: { video_id: "b" } }]],
    ] as const) {
      await using store = await cutVideos({ a: "k1 k2" });
      await writeVideos(store, "a", "2");
      await writeVideos(store, "b");
      const totals = await store.process(Chunk, worker({ a, b: "k2" }), { concurrency: 3, batchSize: 1 });
      expect(totals.failed).toMatchObject(failed);
      expect(await chunks(store)).toEqual(expected);
      expect(await found(store)).toEqual({ ...nothing, new: failed.length === 0 ? [] : ["b"] });
    }
  });

  it("is a stale one in one write with the parent that takes it", async () => {
    await using store = await cutVideos({ a: "k1 k2" });
    await writeVideos(store, "a", "2");
    await writeVideos(store, "b");
    await using increment = await store.resolve(Chunk);
    expect(await increment.write(rows({ a: "k1", b: "k2" }))).toEqual({ rows: 2, superseded: 0 });
    expect(await chunks(store)).toEqual(["a:k1", "b:k2"]);
    expect(await found(store)).toEqual(nothing);
  });

  it("is one that was cut anew without them, or marked as empty", async () => {
    await using store = await cutVideos({ a: "k1 k2", b: "k3" });
    await writeVideos(store, "a b", "2");
    await writeVideos(store, "c d");
    expect(await store.process(Chunk, worker({ a: "k1", b: "", c: "k2", d: "k3" }))).toMatchObject({
      written: 3,
      empty: 1,
      failed: [],
    });
    expect(await found(store)).toEqual(nothing);
    expect(await chunks(store)).toEqual(["a:k1", "c:k2", "d:k3"]);
  });
});

describe("an id that another program gave to another parent", () => {
  const takes = (replaced: string) =>
    `INSERT INTO chunk SELECT * REPLACE ('b' AS video_id${replaced}) FROM chunk WHERE chunk_id = 'k2'`;

  it.each([
    ["later", takes(", metaxy_updated_at + INTERVAL 1 SECOND AS metaxy_updated_at")],
    ["at the same time", takes("")],
    ["in place of a row that it deletes", `${takes("")}; DELETE FROM chunk WHERE chunk_id = 'k1'`],
  ])("makes its former parent stale, %s, until that is written again", async (_, sql) => {
    const path = await freshPath();
    await (await cutVideos({ a: "k1 k2", b: "k3" }, path)).close();
    await foreign(path, sql);
    await using store = await openStore(path);
    // What was taken bears the provenance of a, and so b is not in sync either.
    const gone = sql.includes("DELETE");
    expect(await found(store)).toEqual(
      gone ? { new: ["a"], stale: ["b"], orphaned: [] } : { new: [], stale: ["a", "b"], orphaned: [] },
    );
    expect(await store.process(Chunk, worker({ a: "k1", b: "k2 k3" }))).toMatchObject({
      written: 2,
      failed: [],
    });
    expect(await found(store)).toEqual(nothing);
    expect(await chunks(store)).toEqual(["a:k1", "b:k2", "b:k3"]);
  });

  it("makes it stale also where the other parent is in sync after it", async () => {
    const path = await freshPath();
    await (await cutVideos({ a: "k1 k2", b: "k3" }, path)).close();
    await foreign(
      path,
      `INSERT INTO chunk SELECT * REPLACE ('k2' AS chunk_id, metaxy_updated_at + INTERVAL 1 SECOND AS metaxy_updated_at)
       FROM chunk WHERE chunk_id = 'k3'`,
    );
    await using store = await openStore(path);
    expect(await found(store)).toEqual({ new: [], stale: ["a"], orphaned: [] });
    expect(await store.process(Chunk, worker({ a: "k1 k2" }))).toMatchObject({
      written: 0,
      failed: [{ id: { video_id: "a" }, error: { code: "id-of-other-parent" } }],
    });
    expect(await store.process(Chunk, worker({ a: "k1 k4" }))).toMatchObject({ written: 1, failed: [] });
    expect(await found(store)).toEqual(nothing);
  });

  it("makes it new where nothing is left of it", async () => {
    const path = await freshPath();
    await (await cutVideos({ a: "k2", b: "k3" }, path)).close();
    await foreign(path, takes(", metaxy_updated_at + INTERVAL 1 SECOND AS metaxy_updated_at"));
    await using store = await openStore(path);
    expect(await found(store)).toEqual({ new: ["a"], stale: ["b"], orphaned: [] });
  });
});
