import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Progress, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = (codeVersion: string) => [
  buildSpec("video", {
    columns: { video_id: text, size: integer },
    ids: ["video_id"],
    fields: [{ key: "default", codeVersion }],
  }),
  buildSpec("copy", { columns: { video_id: text }, ids: ["video_id"], deps: ["video"] }),
  buildSpec("chunk", {
    columns: { video_id: text, chunk: integer },
    ids: ["video_id", "chunk"],
    deps: [{ feature: "video", lineage: { type: "expansion", on: ["video_id"] } }],
  }),
  buildSpec("size", {
    columns: { size: integer },
    ids: ["size"],
    deps: [{ feature: "video", lineage: { type: "aggregation", on: ["size"] } }],
  }),
];
type Features = Record<"video" | "copy" | "chunk" | "size", AnyFeature>;
const features = loadProject(specs("1"), { hashLength: 64 }) as Features;
const bumped = loadProject(specs("2"), { hashLength: 64 }) as Features;
const { video: Video, copy: Copy, chunk: Chunk, size: Size } = features;

async function writeVideos(store: Store, ids: readonly string[], version = "1"): Promise<void> {
  const rows = ids.map((video_id, size) => ({
    video_id,
    size,
    metaxy_provenance_by_field: { default: version },
  }));
  await store.write(Video, untyped(rows));
}

const ids = ["a", "b", "c", "d"];

async function videos(path = ":memory:"): Promise<Store> {
  const store = await openStore(path);
  await writeVideos(store, ids);
  return store;
}

interface Item {
  readonly video_id: string;
  readonly id: { readonly size: number };
}

async function run(store: Store, feature: AnyFeature, work: (item: Item) => unknown): Promise<void> {
  await store.process(feature, untyped(work));
}

const copy = ({ video_id }: Item) => ({ video_id });

/** The progress, which is the same whether all is compared or what changed alone. */
async function progressOf(store: Store, feature: AnyFeature, options = {}): Promise<Progress<AnyFeature>> {
  const progress = await store.progress(feature, options);
  expect(await store.progress(feature, { ...options, fullRefresh: true })).toEqual(progress);
  return progress;
}

const nothing = { upToDate: 0, new: 0, stale: 0, orphaned: 0, failed: 0, pendingUpstream: [] };

describe("store.progress", () => {
  it("counts what is expected of a feature that was never written, and of a store that is read-only", async () => {
    const path = await freshPath();
    const expected = {
      ...nothing,
      feature: "copy",
      featureVersion: Copy.featureVersion,
      expected: 4,
      new: 4,
      share: 0,
      lastRun: null,
      secondsLeft: null,
    };
    {
      await using store = await videos(path);
      expect(await progressOf(store, Copy)).toEqual(expected);
    }
    await using store = await openStore(path, { readOnly: true });
    const progress = await progressOf(store, Copy);
    expect(progress).toEqual(expected);
    expect(JSON.parse(JSON.stringify(progress))).toEqual(progress);
  });

  it("tells stale and orphaned items from those that are up to date", async () => {
    await using store = await videos();
    await run(store, Copy, copy);
    expect(await progressOf(store, Copy)).toMatchObject({ ...nothing, expected: 4, upToDate: 4, share: 1 });
    await writeVideos(store, ["a", "e"], "2");
    await store.delete(Video, untyped({ video_id: "b" }));
    const changed = { expected: 4, upToDate: 2, new: 1, stale: 1, orphaned: 1, share: 0.5 };
    expect(await progressOf(store, Copy)).toMatchObject(changed);
    const predicate = { staleIf: "video_id = 'c'" };
    expect(await progressOf(store, Copy, predicate)).toMatchObject({ upToDate: 1, stale: 2 });
    const filtered = { filters: { video: "video_id < 'c'" }, targetFilters: "video_id < 'c'" };
    expect(await progressOf(store, Copy, filtered)).toMatchObject({ expected: 1, upToDate: 0, orphaned: 1 });
    // A stored row that a filter hides counts as not stored.
    expect(await progressOf(store, Copy, { targetFilters: "video_id <> 'c'" })).toMatchObject({
      upToDate: 1,
      new: 2,
    });
  });

  it("counts parents of an expansion, empty ones too, and groups of an aggregation", async () => {
    await using store = await videos();
    await run(store, Chunk, ({ video_id }) =>
      video_id === "d" ? [] : [0, 1, 2].map((chunk) => ({ video_id, chunk })),
    );
    expect(await progressOf(store, Chunk)).toMatchObject({ ...nothing, expected: 4, upToDate: 4 });
    await run(store, Size, ({ id }) => id);
    await writeVideos(store, ["a", "d"], "2");
    expect(await progressOf(store, Chunk)).toMatchObject({ ...nothing, expected: 4, upToDate: 2, stale: 2 });
    await writeVideos(store, ["x", "y"], "2");
    // "d" has the size 1 now, as "b" and "y" have; that of 3 is gone.
    expect(await progressOf(store, Size)).toMatchObject({ expected: 3, upToDate: 1, stale: 2, orphaned: 1 });
  });

  it("counts failed items among the new ones, and upstream that has to run first", async () => {
    await using store = await videos();
    await run(store, Copy, copy);
    await writeVideos(store, ["e", "f"]);
    const increment = await store.resolve(Copy);
    const [row] = (await increment.new.toArray()) as unknown as Record<string, string>[];
    const entry = {
      id: { video_id: row?.["video_id"] },
      provenance: row?.["metaxy_provenance"],
      message: "m",
    };
    await store.errors(Copy).record(untyped([entry]));
    expect(await progressOf(store, Copy)).toMatchObject({ expected: 6, upToDate: 4, new: 2, failed: 1 });
    const pendingUpstream = [{ feature: "video", samples: 6, reason: "older-version" }];
    const pending = { ...nothing, expected: 0, share: null, pendingUpstream };
    expect(await progressOf(store, bumped.copy)).toMatchObject(pending);
  });

  it("needs the samples of a root, and takes resolve's options alone", async () => {
    await using store = await videos();
    await expect(store.progress(Video)).rejects.toMatchObject({ code: "samples-required" });
    const samples = ["a", "z"].map((video_id) => ({
      video_id,
      size: 1,
      metaxy_provenance_by_field: { default: "1" },
    }));
    expect(await store.progress(Video, untyped({ samples }))).toMatchObject({
      expected: 2,
      upToDate: 1,
      orphaned: 3,
    });
    for (const option of ["excludeFailed", "skipComparison", "columns"]) {
      const progress = store.progress(Copy, untyped({ [option]: true }));
      await expect(progress).rejects.toMatchObject({ code: "unknown-option" });
    }
    const filters = { chunk: "chunk = 1" };
    await expect(store.progress(Copy, untyped({ filters }))).rejects.toMatchObject({
      code: "unknown-feature",
    });
    await expect(store.progress(Copy, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("knows what process recorded: failed items, and how long they took", async () => {
    await using store = await videos();
    await run(store, Copy, ({ video_id }) => {
      if (video_id === "b") throw new RangeError("too long");
      return { video_id };
    });
    const progress = await progressOf(store, Copy);
    expect(progress).toMatchObject({ expected: 4, upToDate: 3, new: 1, failed: 1, lastRun: { items: 4 } });
    expect(progress.secondsLeft).toBe(0);
    const [error] = await store.errors(Copy).toArray();
    expect(error).toMatchObject({ id: { video_id: "b" }, type: "RangeError", message: "too long" });
    expect(error?.runId).toBe(progress.lastRun?.id);
  });

  it("estimates the time that is left from the last run that ended", async () => {
    const path = await freshPath();
    await (await videos(path)).close();
    await queryFile(
      path,
      `CREATE TABLE stemma_runs (run_id VARCHAR, feature VARCHAR, feature_version VARCHAR, started_at TIMESTAMPTZ,
         finished_at TIMESTAMPTZ, items BIGINT, failed BIGINT, rows BIGINT, seconds DOUBLE, seconds_per_item DOUBLE, materialization_id VARCHAR)`,
    );
    const v = Copy.featureVersion;
    await queryFile(
      path,
      `INSERT INTO stemma_runs VALUES
         ('old', 'copy', '${v}', '2026-01-01 00:00:00+00', '2026-01-01 01:00:00+00', 1, 0, 1, 3600, 3600, NULL),
         ('last', 'copy', '${v}', '2026-01-02 00:00:00+00', '2026-01-02 00:00:20+00', 6, 4, 6, 80, 8, NULL),
         ('idle', 'copy', '${v}', '2026-01-03 00:00:00+00', '2026-01-03 00:00:01+00', 0, 0, 0, 0, NULL, NULL),
         ('killed', 'copy', '${v}', '2026-01-04 00:00:00+00', NULL, 0, 0, 0, 0, NULL, NULL),
         ('other', 'copy', 'x', '2026-01-05 00:00:00+00', '2026-01-05 00:00:01+00', 1, 0, 0, 1, 1, NULL)`,
    );
    await using store = await openStore(path);
    expect(await progressOf(store, Copy)).toMatchObject({
      lastRun: { id: "last", at: "2026-01-02T00:00:20.000000Z", items: 10, seconds: 20, secondsPerItem: 8 },
      secondsLeft: 8,
    });
  });
});
