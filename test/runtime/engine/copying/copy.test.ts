import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, FeatureCopy, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, maybeText, text } from "../../../support/build-spec.ts";
import { freshCopy, freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = (version: string, fields: readonly string[] = []) => [
  buildSpec("video", {
    columns: {
      video_id: text,
      seconds: integer,
      at: { type: ["string", "null"], format: "date-time" },
      uuid: { type: ["string", "null"], format: "uuid" },
      big: { type: ["integer", "null"], format: "int64" },
      tags: { type: ["array", "null"], items: { type: "string" } },
      box: { type: ["object", "null"], properties: { x: { type: "number" } } },
      counts: { type: ["object", "null"], additionalProperties: { type: "integer" } },
      free: { anyOf: [{ type: "string" }, { type: "number" }, { type: "null" }] },
      note: maybeText,
    },
    ids: ["video_id"],
    fields: [{ key: "frames", codeVersion: version }, ...fields],
  }),
  buildSpec("chunk", {
    columns: { video_id: text, chunk: integer },
    ids: ["video_id", "chunk"],
    deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
  }),
];
type Features = Record<"video" | "chunk", AnyFeature>;
const featuresOf = (version: string, fields: readonly string[] = []) =>
  loadProject(specs(version, fields), { hashLength: 64 }) as Features;
const { video: Video, chunk: Chunk } = featuresOf("1");

const video = (video_id: string, seconds = 1, more: object = {}) => ({
  video_id,
  seconds,
  metaxy_provenance_by_field: { frames: `${video_id}${seconds}` },
  ...more,
});
const full = {
  at: "2026-01-31T12:00:00.123456Z",
  uuid: "6f1b2c3d-0000-4000-8000-00000000abcd",
  big: 9_007_199_254_740_993n,
  tags: ["a", ""],
  box: { x: 1.5 },
  counts: { a: 1 },
  free: "text",
  note: "it's",
};
type Row = Readonly<Record<string, unknown>>;
const rowsOf = async (store: Store, feature: AnyFeature, options: object = {}) =>
  (await store.read(feature, untyped(options)).toArray()) as unknown as Row[];

/** Videos a (written twice), b (deleted), c and d; chunks of a and c, none of d. */
async function filled(path = ":memory:", options: object = {}): Promise<Store> {
  const store = await openStore(path, options);
  await store.write(Video, untyped([video("a"), video("b"), video("c", 1, full), video("d")]));
  await store.write(Video, untyped([video("a", 2)]), { materializationId: "run-2" });
  await store.delete(Video, untyped({ video_id: "b" }));
  await store.process(Chunk, async (item) => {
    const { video_id } = item as unknown as { video_id: string };
    return untyped(video_id === "d" ? [] : [1, 2].map((chunk) => ({ video_id, chunk })));
  });
  return store;
}

const copied = (feature: string, rows: number, more: Partial<FeatureCopy> = {}): FeatureCopy => ({
  feature,
  existed: true,
  rows,
  skipped: 0,
  emptyParents: 0,
  ...more,
});

async function countsOf(store: Store, feature: AnyFeature): Promise<unknown> {
  await using increment = await store.resolve(feature);
  await using again = await store.resolve(feature, { fullRefresh: true });
  expect(again.counts).toEqual(increment.counts);
  return increment.counts;
}

describe("copy", () => {
  it("brings current rows as they are stored, with versions, times and runs; what is below is up to date", async () => {
    await using from = await filled();
    await using store = await openStore(":memory:");
    expect(await store.copy(from, [Video, Chunk], { dryRun: true })).toEqual([
      copied("video", 3),
      copied("chunk", 4, { emptyParents: 1 }),
    ]);
    expect(await rowsOf(store, Video)).toEqual([]);
    expect(await store.copy(from, [Video, Chunk])).toEqual([
      copied("video", 3),
      copied("chunk", 4, { emptyParents: 1 }),
    ]);
    for (const feature of [Video, Chunk])
      expect(await rowsOf(store, feature)).toEqual(await rowsOf(from, feature));
    expect((await rowsOf(store, Video))[1]).toMatchObject(full);
    expect(await countsOf(store, Chunk)).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("finds nothing more the second time, and brings what came since", async () => {
    await using from = await filled();
    await using store = await openStore(":memory:");
    await store.copy(from, [Video, Chunk]);
    expect(await store.copy(from, [Video, Chunk])).toEqual([
      copied("video", 0, { skipped: 3 }),
      copied("chunk", 0, { skipped: 4 }),
    ]);
    await from.write(Video, untyped([video("a", 3), video("e")]));
    expect(await store.copy(from, [Video])).toEqual([copied("video", 2, { skipped: 2 })]);
    expect(await rowsOf(store, Video)).toEqual(await rowsOf(from, Video));
    expect(await countsOf(store, Chunk)).toEqual({ new: 1, stale: 1, orphaned: 0 });
  });

  it("leaves a later row of the sample here as it is, even a mark of deletion", async () => {
    await using from = await filled();
    await using store = await openStore(":memory:");
    await store.copy(from, [Video]);
    await store.write(Video, untyped([video("a", 9)]));
    await store.delete(Video, untyped({ video_id: "c" }));
    expect(await store.copy(from, [Video])).toEqual([copied("video", 0, { skipped: 3 })]);
    expect((await rowsOf(store, Video)).map(({ video_id, seconds }) => [video_id, seconds])).toEqual([
      ["a", 9],
      ["d", 1],
    ]);
  });

  it("brings the whole history: earlier rows, marks of deletion, other versions and their fields", async () => {
    const wider = featuresOf("2", ["audio"]);
    await using from = await filled();
    const own = { metaxy_provenance_by_field: { frames: "f", audio: "g" } };
    await from.write(wider.video, untyped([{ video_id: "a", seconds: 5, ...own }]));
    await using store = await openStore(":memory:");
    await store.write(Video, untyped([video("z")]));
    expect(await store.copy(from, [Video], { history: true })).toEqual([copied("video", 7)]);
    const forms = [
      { history: true },
      { deleted: true },
      { allVersions: true },
      { allVersions: true, history: true },
    ];
    for (const form of forms) {
      const copies = (await rowsOf(store, Video, form)).filter((row) => row["video_id"] !== "z");
      expect(copies).toEqual(await rowsOf(from, Video, form));
    }
    expect(await rowsOf(store, wider.video)).toEqual(await rowsOf(from, wider.video));
    expect(await store.copy(from, [Video], { history: true })).toEqual([copied("video", 0, { skipped: 7 })]);
  });

  it("takes back that a parent is empty here, once it has children there", async () => {
    await using from = await filled();
    await using store = await openStore(":memory:");
    await store.copy(from, [Video, Chunk]);
    await using again = await from.resolve(Chunk, { skipComparison: true });
    await again.write(untyped([{ video_id: "d", chunk: 1 }]));
    expect(await store.copy(from, [Chunk])).toEqual([copied("chunk", 1, { skipped: 4 })]);
    await store.delete(Chunk, untyped({ video_id: "d", chunk: 1 }));
    // Were it still marked as empty, there would be nothing to compute.
    expect(await countsOf(store, Chunk)).toEqual({ new: 1, stale: 0, orphaned: 0 });
  });

  it("filters by feature and globally, after the latest row was found", async () => {
    await using from = await filled();
    await using store = await openStore(":memory:");
    expect(
      await store.copy(from, [Video, Chunk], {
        filters: { chunk: "chunk = 1", video: ["seconds = 2", "note IS NULL"] },
        globalFilters: "video_id = 'a'",
      }),
    ).toEqual([copied("video", 1), copied("chunk", 1)]);
    expect(await store.copy(from, [Video], { filters: { video: "seconds = 1" } })).toEqual([
      copied("video", 2),
    ]);
  });

  it("says which features the other store does not have", async () => {
    await using from = await openStore(":memory:");
    await using store = await openStore(":memory:");
    expect(await store.copy(from, [Video])).toEqual([copied("video", 0, { existed: false })]);
    expect(await store.copy(from, [])).toEqual([]);
    expect(await store.drop(Video, { dryRun: true })).toMatchObject({ existed: false });
  });

  it("copies between files, from one that is read-only, and leaves no file behind", async () => {
    const [path, target] = [await freshPath(), await freshPath()];
    await (await filled(path)).close();
    {
      await using from = await openStore(path, { readOnly: true });
      await using store = await openStore(target);
      await store.copy(from, [Video, Chunk]);
      expect(await rowsOf(store, Chunk)).toEqual(await rowsOf(from, Chunk));
    }
    const rows = (file: string) => queryFile(file, "FROM video SELECT * EXCLUDE (seconds) ORDER BY ALL");
    expect(await rows(target)).toHaveLength(3);
    // A table that was copied is one that we made: its columns are widened, as those of its origin.
    const [wide] = await queryFile(
      target,
      "SELECT count(*) AS n FROM stemma_id_columns WHERE table_name = 'video'",
    );
    expect(Number(wide?.["n"])).toBeGreaterThan(0);
  });

  it("copies what the Python system stored, from its maps", async () => {
    const path = await freshCopy("test/vectors/stores/map-64.duckdb");
    const Raw = loadProject(
      [
        buildSpec("call/raw", {
          columns: { call_id: text, speaker: maybeText },
          ids: ["call_id"],
          fields: ["audio", "meta/channel"],
        }),
      ],
      { hashLength: 64 },
    )["call/raw"] as AnyFeature;
    await using from = await openStore(path, { hash: "md5", readOnly: true });
    await using store = await openStore(":memory:");
    const [result] = await store.copy(from, [Raw], { history: true });
    expect(result?.rows).toBeGreaterThan(0);
    expect(await rowsOf(store, Raw, { allVersions: true, history: true })).toEqual(
      await rowsOf(from, Raw, { allVersions: true, history: true }),
    );
  });

  it("refuses itself, another hash, what is no store, and options that it does not know", async () => {
    const path = await freshPath();
    await using store = await filled(path);
    await using same = await openStore(path);
    await using sha = await openStore(":memory:", { hash: "sha256" });
    await using other = await openStore(":memory:");
    const refused = async (work: Promise<unknown>) => (await refusalOf(work)).code;
    expect(await refused(store.copy(store, [Video]))).toBe("same-store");
    expect(await refused(store.copy(same, [Video]))).toBe("same-store");
    expect(await refused(store.copy(sha, [Video]))).toBe("hash-mismatch");
    expect(await refused(store.copy(untyped(path), [Video]))).toBe("wrong-type");
    expect(await refused(store.copy(other, [Video, Video]))).toBe("duplicate-feature");
    expect(await refused(store.copy(other, [Video], { filters: { vidoe: "TRUE" } }))).toBe("unknown-feature");
    expect(await refused(store.copy(other, [Video], { filters: { video: "nobody = 1" } }))).toBe(
      "unknown-column",
    );
    expect(await refused(store.copy(other, [Video], untyped({ all: true })))).toBe("unknown-option");
    expect(await refused(other.copy(store, [Video], { signal: AbortSignal.abort() }))).toBe("cancelled");
    expect(await rowsOf(other, Video)).toEqual([]);
  });

  it("is all or nothing: a value that the table here can't hold stops all features", async () => {
    await using from = await filled();
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Video, untyped([video("z")]));
      await store.close();
    }
    await queryFile(path, "ALTER TABLE video ALTER seconds TYPE TINYINT");
    await queryFile(path, "DELETE FROM stemma_meta WHERE name = 'created'");
    await from.write(Video, untyped([video("big", 1000)]));
    await using store = await openStore(path);
    expect((await refusalOf(store.copy(from, [Chunk, Video]))).code).toBe("not-storable");
    expect(await store.drop(Chunk, { dryRun: true })).toMatchObject({ existed: false });
  });
});
