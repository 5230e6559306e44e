import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

/** A root, and features below it of each kind of lineage; all of their versions move with `version`. */
const specs = (version: string, more: readonly string[] = []) => [
  buildSpec("video", {
    columns: { video_id: text, owner: text },
    ids: ["video_id"],
    fields: [{ key: "frames", codeVersion: version }],
  }),
  buildSpec("copy", {
    columns: { video_id: text, size: integer },
    ids: ["video_id"],
    deps: [{ feature: "video", select: [] }],
    fields: ["default", ...more],
  }),
  buildSpec("chunk", {
    columns: { video_id: text, chunk: integer },
    ids: ["video_id", "chunk"],
    deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
  }),
  buildSpec("owner", {
    columns: { owner: text, videos: integer },
    ids: ["owner"],
    deps: [{ feature: "video", lineage: { type: "aggregation", on: ["owner"] } }],
  }),
  buildSpec("copy/second", { columns: { video_id: text }, ids: ["video_id"], deps: ["copy"] }),
];
type Features = Record<"video" | "copy" | "chunk" | "owner" | "copy/second", AnyFeature>;
const featuresOf = (version: string, more?: readonly string[]) =>
  loadProject(specs(version, more), { hashLength: 64 }) as Features;
const before = featuresOf("1");
const after = featuresOf("2");

const video = (video_id: string, owner = "o", frames = video_id) => ({
  video_id,
  owner,
  metaxy_provenance_by_field: { frames },
});
type Row = Readonly<Record<string, unknown>>;
const values = (item: unknown) => item as Row;

/** Videos a, b and c, and all that is made of them under the first version: two chunks each, none of c. */
async function computed(path = ":memory:"): Promise<Store> {
  const store = await openStore(path);
  await store.write(before.video, untyped([video("a"), video("b"), video("c", "p")]));
  await store.process(before.copy, async (item) => untyped({ video_id: values(item)["video_id"], size: 1 }));
  await store.process(before.chunk, async (item) => {
    const { video_id } = values(item);
    return untyped(video_id === "c" ? [] : [1, 2].map((chunk) => ({ video_id, chunk })));
  });
  await store.process(before.owner, async (item) =>
    untyped({ owner: (values(item)["id"] as Row)["owner"], videos: 1 }),
  );
  await store.process(before["copy/second"], async (item) => untyped({ video_id: values(item)["video_id"] }));
  return store;
}

const rowsOf = async (store: Store, feature: AnyFeature) =>
  (await store.read(feature).toArray()) as unknown as Row[];

/** The counts of a resolve, which must not depend on what earlier ones found. */
async function countsOf(store: Store, feature: AnyFeature): Promise<string> {
  await using increment = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(full.counts).toEqual(increment.counts);
  const { new: added, stale, orphaned } = increment.counts;
  return `${added} ${stale} ${orphaned}`;
}

const from = (feature: AnyFeature) => ({ from: feature.featureVersion });

describe("rebase", () => {
  it.each([
    ["copy", 3, 3],
    ["chunk", 3, 4],
    ["owner", 2, 2],
  ] as const)("keeps the rows of %s, which are up to date then", async (key, samples, rows) => {
    await using store = await computed();
    await store.write(after.video, untyped([video("a"), video("b"), video("c", "p")]));
    const stored = await rowsOf(store, before[key]);
    expect(await countsOf(store, after[key])).toBe(`${samples} 0 0`);

    const planned = await store.rebase(after[key], { dryRun: true });
    expect(await countsOf(store, after[key])).toBe(`${samples} 0 0`);
    const result = await store.rebase(after[key], from(before[key]));
    expect(result).toEqual(planned);
    expect(result).toEqual({
      ...from(before[key]),
      samples,
      rows,
      gone: 0,
      present: 0,
      missingRequired: 0,
      pendingUpstream: [],
    });
    expect(await countsOf(store, after[key])).toBe("0 0 0");
    expect(await rowsOf(store, before[key])).toEqual(stored);
    const kept = (row: Row) =>
      Object.entries(row).filter(([name]) => !name.startsWith("metaxy_") || name === "metaxy_created_at");
    expect((await rowsOf(store, after[key])).map(kept)).toEqual(stored.map(kept));
  });

  it("gives the provenance that a computation would give", async () => {
    await using rebased = await computed();
    await using anew = await openStore(":memory:");
    for (const store of [rebased, anew])
      await store.write(after.video, untyped([video("a"), video("b", "p")]));
    await rebased.rebase(after.copy);
    await anew.process(after.copy, async (item) => untyped({ video_id: values(item)["video_id"], size: 1 }));
    const versions = async (store: Store) =>
      (await rowsOf(store, after.copy)).map((row) => [
        row["video_id"],
        row["metaxy_provenance"],
        row["metaxy_provenance_by_field"],
        row["metaxy_data_version"],
      ]);
    expect(await versions(rebased)).toEqual(await versions(anew));
  });

  it("keeps data versions of the writer's own, so that what is below stays as it is", async () => {
    await using store = await computed();
    await using again = await store.resolve(before.copy, { staleIf: "video_id = 'a'" });
    const own = { metaxy_data_version_by_field: { default: "content-1" } };
    await again.write(untyped([{ video_id: "a", size: 2, ...own }]));
    await store.write(after.video, untyped([video("a"), video("b"), video("c", "p")]));
    await store.rebase(after.copy);
    const [a, b] = await rowsOf(store, after.copy);
    expect(a?.["metaxy_data_version_by_field"]).toEqual({ default: "content-1" });
    expect(a?.["metaxy_provenance_by_field"]).not.toEqual({ default: "content-1" });
    expect(b?.["metaxy_data_version_by_field"]).toEqual(b?.["metaxy_provenance_by_field"]);
  });

  it("goes down feature by feature", async () => {
    await using store = await computed();
    await store.write(after.video, untyped([video("a"), video("b"), video("c", "p")]));
    const waiting = await store.rebase(after["copy/second"], { dryRun: true });
    expect(waiting).toMatchObject({
      samples: 0,
      gone: 3,
      pendingUpstream: [{ feature: "copy", samples: 3, reason: "older-version" }],
    });
    await store.rebase(after.copy);
    expect(await store.rebase(after["copy/second"])).toMatchObject({
      samples: 3,
      gone: 0,
      pendingUpstream: [],
    });
    expect(await countsOf(store, after["copy/second"])).toBe("0 0 0");
  });

  it("leaves out what is gone upstream, and what has a row already, even a mark of deletion", async () => {
    await using store = await computed();
    await store.write(after.video, untyped([video("a"), video("b")]));
    await using increment = await store.resolve(after.copy);
    await increment.write(
      untyped([
        { video_id: "a", size: 7 },
        { video_id: "b", size: 8 },
      ]),
    );
    await store.delete(after.copy, untyped({ video_id: "b" }));
    expect(await store.rebase(after.copy)).toMatchObject({ samples: 0, rows: 0, gone: 1, present: 2 });
    expect(await rowsOf(store, after.copy)).toMatchObject([{ video_id: "a", size: 7 }]);
  });

  it("finds nothing more the second time", async () => {
    await using store = await computed();
    await store.write(after.video, untyped([video("a"), video("b"), video("c", "p")]));
    await store.rebase(after.chunk);
    expect(await store.rebase(after.chunk)).toMatchObject({ samples: 0, rows: 0, gone: 0, present: 3 });
  });

  it("carries parents that are marked as empty", async () => {
    await using store = await computed();
    await store.write(after.video, untyped([video("c", "p")]));
    expect(await store.rebase(after.chunk)).toMatchObject({ samples: 1, rows: 0, gone: 2 });
    expect(await countsOf(store, after.chunk)).toBe("0 0 0");
  });

  it("gives a field that is new the versions of its upstream, and counts rows that lack what is required now", async () => {
    await using store = await computed();
    const wider = featuresOf("1", ["extra"]);
    expect(await store.rebase(wider.copy)).toMatchObject({ samples: 3, missingRequired: 0 });
    const [row] = await rowsOf(store, wider.copy);
    expect(row?.["metaxy_data_version_by_field"]).toEqual(row?.["metaxy_provenance_by_field"]);
    expect(await countsOf(store, wider.copy)).toBe("0 0 0");

    const [, copy] = specs("2");
    const stricter = loadProject(
      [
        specs("2")[0] ?? {},
        {
          ...copy,
          ...buildSpec("copy", {
            columns: { video_id: text, size: integer, codec: text },
            ids: ["video_id"],
            deps: [{ feature: "video", select: [] }],
          }),
        },
      ],
      { hashLength: 64 },
    ) as Features;
    await store.write(stricter.video, untyped([video("a")]));
    expect(await store.rebase(stricter.copy, from(before.copy))).toMatchObject({
      samples: 1,
      missingRequired: 1,
    });
    expect((await refusalOf(store.read(stricter.copy).toArray())).code).toBe("missing-required");
  });

  it("refuses roots, versions without rows, a choice between several, unknown options and a read-only store", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      const refused = (feature: AnyFeature, options?: object) =>
        refusalOf(store.rebase(feature, untyped(options)));
      expect(await refused(after.video)).toMatchObject({ code: "rebase-root" });
      const unknown = await refused(after.copy, { from: "nobody" });
      expect(unknown.code).toBe("unknown-version");
      expect(unknown.message).toContain(`${before.copy.featureVersion} (3 rows)`);
      expect(await refused(before.copy, from(before.copy))).toMatchObject({
        code: "unknown-version",
        message: expect.stringContaining("other than the current ones"),
      });
      expect(await refused(after.copy, { form: "x" })).toMatchObject({ code: "unknown-option" });
      await store.write(after.video, untyped([video("a")]));
      await store.rebase(after.copy);
      const third = featuresOf("3");
      const several = await refused(third.copy);
      expect(several.message).toContain("{ from }");
      expect(several.facts["versions"]).toHaveLength(2);
    }
    await using readOnly = await openStore(path, { readOnly: true });
    expect((await refusalOf(readOnly.rebase(after.chunk))).code).toBe("read-only");
    expect(await readOnly.rebase(after.chunk, { dryRun: true })).toMatchObject({ samples: 1 });
  });

  it("writes nothing if it is cancelled", async () => {
    await using store = await computed();
    await store.write(after.video, untyped([video("a")]));
    const signal = AbortSignal.abort();
    expect((await refusalOf(store.rebase(after.copy, { signal }))).code).toBe("cancelled");
    expect(await rowsOf(store, after.copy)).toEqual([]);
  });
});
