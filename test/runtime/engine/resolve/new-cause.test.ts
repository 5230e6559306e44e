import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = (codeVersion: string, ids: readonly string[] = ["video_id"]) => [
  buildSpec("video", { columns: { video_id: text, size: integer }, ids: ["video_id"] }),
  buildSpec("copy", {
    columns: { video_id: text, size: integer },
    ids,
    deps: ["video"],
    fields: [{ key: "default", codeVersion }],
  }),
  buildSpec("chunk", {
    columns: { video_id: text, chunk: integer },
    ids: ["video_id", "chunk"],
    deps: [{ feature: "video", lineage: { type: "expansion", on: ["video_id"] } }],
    fields: [{ key: "default", codeVersion }],
  }),
  buildSpec("size", {
    columns: { size: integer },
    ids: ["size"],
    deps: [{ feature: "video", lineage: { type: "aggregation", on: ["size"] } }],
    fields: [{ key: "default", codeVersion }],
  }),
];
type Features = Record<"video" | "copy" | "chunk" | "size", AnyFeature>;
const features = loadProject(specs("1"), { hashLength: 64 }) as Features;
const bumped = loadProject(specs("2"), { hashLength: 64 }) as Features;
const { video: Video, copy: Copy, chunk: Chunk, size: Size } = features;

const sample = (video_id: string, size: number, version = "1") => ({
  video_id,
  size,
  metaxy_provenance_by_field: { default: version },
});

async function writeVideos(store: Store, ids: readonly string[], version = "1"): Promise<void> {
  await store.write(Video, untyped(ids.map((id, size) => sample(id, size, version))));
}

async function videos(path = ":memory:"): Promise<Store> {
  const store = await openStore(path);
  await writeVideos(store, ["a", "b", "c"]);
  return store;
}

interface Row {
  readonly video_id: string;
  readonly size: number;
  readonly id: { readonly size: number };
}
const workers = new Map<string, (item: Row) => unknown>([
  ["copy", ({ video_id, size }) => ({ video_id, size })],
  ["chunk", ({ video_id }) => (video_id === "c" ? [] : [0, 1].map((chunk) => ({ video_id, chunk })))],
  ["size", ({ id }) => id],
]);

async function run(store: Store, feature: AnyFeature): Promise<void> {
  await store.process(feature, untyped(workers.get(feature.key)));
}

/** The causes of new items by grain, read with all columns and without them. */
async function causes(store: Store, feature: AnyFeature, options = {}): Promise<Record<string, string>> {
  const [grain = ""] = feature.plan.grain;
  await using increment = await store.resolve(feature, untyped(options));
  const byGrain = (rows: readonly unknown[]) =>
    Object.fromEntries(
      (rows as Record<string, string>[]).map((row) => [row[grain] ?? "", row["metaxy_cause"]]),
    );
  const all = byGrain(await increment.new.toArray());
  const selected = await increment.new.select(untyped(grain), untyped("metaxy_cause")).toArray();
  expect(byGrain(selected)).toEqual(all);
  return all as Record<string, string>;
}

describe("metaxy_cause", () => {
  it("is upstream where nothing is stored, and for new samples", async () => {
    await using store = await videos();
    expect(await causes(store, Copy)).toEqual({ a: "upstream", b: "upstream", c: "upstream" });
    await run(store, Copy);
    await writeVideos(store, ["a", "d"], "2");
    expect(await causes(store, Copy)).toEqual({ d: "upstream" });
    expect(await causes(store, Copy, { fullRefresh: true })).toEqual({ d: "upstream" });
  });

  it("is version where the item is stored under another one", async () => {
    await using store = await videos();
    for (const feature of [Copy, Chunk, Size]) await run(store, feature);
    await writeVideos(store, ["x", "x2", "x3", "d"]);
    expect(await causes(store, bumped.copy)).toMatchObject({ a: "version", c: "version", d: "upstream" });
    // "c" was empty: no row of it is stored.
    expect(await causes(store, bumped.chunk)).toMatchObject({ a: "version", c: "upstream", d: "upstream" });
    expect(await causes(store, bumped.size)).toMatchObject({ 0: "version", 2: "version", 3: "upstream" });
    await run(store, bumped.copy);
    expect(await causes(store, Copy)).toEqual({ d: "version", x: "version", x2: "version", x3: "version" });
  });

  it("is filter where a filter on the target hides what is stored", async () => {
    await using store = await videos();
    for (const feature of [Copy, Chunk]) await run(store, feature);
    await writeVideos(store, ["d"]);
    const hidden = { targetFilters: "video_id = 'a'" };
    expect(await causes(store, Copy, hidden)).toEqual({ b: "filter", c: "filter", d: "upstream" });
    expect(await causes(store, Chunk, hidden)).toEqual({ b: "filter", c: "filter", d: "upstream" });
    await store.delete(Copy, untyped({ video_id: "b" }));
    expect(await causes(store, Copy, hidden)).toEqual({ b: "deleted", c: "filter", d: "upstream" });
    expect(await causes(store, bumped.copy, hidden)).toMatchObject({ a: "version", d: "upstream" });
  });

  it("is deleted for what was deleted and is still expected", async () => {
    await using store = await videos();
    for (const feature of [Copy, Chunk]) await run(store, feature);
    for (const feature of [Copy, Chunk]) await store.delete(feature, "video_id = 'a'");
    await writeVideos(store, ["d"]);
    expect(await causes(store, Copy)).toEqual({ a: "deleted", d: "upstream" });
    expect(await causes(store, Chunk)).toEqual({ a: "deleted", d: "upstream" });
  });

  it("is skip-comparison where the caller wants all rows", async () => {
    await using store = await videos();
    await run(store, Copy);
    expect(new Set(Object.values(await causes(store, Copy, { skipComparison: true })))).toEqual(
      new Set(["skip-comparison"]),
    );
  });

  it("is other-ids where rows were written under other id columns", async () => {
    const path = await freshPath();
    const others = loadProject(specs("1", ["video_id", "size"]), { hashLength: 64 }) as Features;
    {
      await using store = await videos(path);
      await run(store, others.copy);
    }
    await using store = await openStore(path);
    expect(await causes(store, Copy)).toEqual({ a: "other-ids", b: "other-ids", c: "other-ids" });
  });

  it("is known for samples of a root, and ignored by a write", async () => {
    await using store = await videos();
    const samples = [sample("a", 0), sample("z", 1)];
    expect(await causes(store, Video, { samples })).toEqual({ z: "upstream" });
    await using increment = await store.resolve(Video, untyped({ samples }));
    await increment.write(untyped(await increment.new.toArray()));
    await using next = await store.resolve(Copy);
    const rows = (await next.new.toArray()) as unknown as Record<string, unknown>[];
    expect(rows).toHaveLength(4);
    expect(await next.write(untyped(rows))).toEqual({ rows: 4, superseded: 0 });
  });

  it("stays what it was when the set is read after others were written", async () => {
    await using store = await videos();
    await run(store, Copy);
    await writeVideos(store, ["d", "e"]);
    await using increment = await store.resolve(Copy);
    await increment.write(untyped([{ video_id: "d", size: 0 }]));
    await store.delete(Copy, untyped({ video_id: "d" }));
    const rows = (await increment.new
      .select(untyped("video_id"), untyped("metaxy_cause"))
      .toArray()) as unknown;
    expect(rows).toEqual([
      { video_id: "d", metaxy_cause: "upstream" },
      { video_id: "e", metaxy_cause: "upstream" },
    ]);
  });

  it("is exported with the set", async () => {
    const path = await freshPath();
    await using store = await videos();
    await using increment = await store.resolve(Copy);
    await increment.new.export(`${path}.parquet`);
    const rows = await queryFile(`${path}.other`, `SELECT DISTINCT metaxy_cause FROM '${path}.parquet'`);
    expect(rows).toEqual([{ metaxy_cause: "upstream" }]);
    expect(await increment.write(untyped({ parquet: `${path}.parquet` }))).toMatchObject({ rows: 3 });
  });
});
