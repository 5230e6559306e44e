import { describe, expect, it } from "vitest";
import { addRowCounts, diffManifests, type VersionDiff } from "../../../generator/diff/index.ts";
import { buildManifest } from "../../../generator/manifest/index.ts";
import { renderText } from "../../../generator/report/index.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, Counts, Store } from "../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";
import { countRowsAt } from "../../support/count-rows.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { loadProject } from "../../support/load-project.ts";
import { untyped } from "../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;
type Kind = "by chunk" | "by video" | "by both";

interface Sketch {
  readonly ids?: Kind;
  readonly code?: string;
  /** Ids of the root beside its video. */
  readonly part?: boolean;
  readonly rootCode?: string;
}

const idsOf = { "by chunk": ["chunk_id"], "by video": ["video_id"], "by both": ["video_id", "chunk_id"] };

/** Videos → chunks (1:N) → captions, whose ids change → a summary of each caption. */
function specsOf({ ids: kind = "by chunk", code = "1", part = false, rootCode = "1" }: Sketch): object[] {
  const ids = idsOf[kind];
  const column = (name: string) => (ids.includes(name) ? text : maybeText);
  const dep = { feature: "chunk", select: ["video_id"] };
  return [
    buildSpec("video", {
      columns: { video_id: text, part: text },
      ids: part ? ["video_id", "part"] : ["video_id"],
      fields: [{ key: "default", codeVersion: rootCode }],
    }),
    buildSpec("chunk", {
      columns: { video_id: text, chunk_id: text, ...(part ? { part: text } : {}) },
      ids: ["chunk_id"],
      deps: [
        {
          feature: "video",
          select: [],
          lineage: { type: "expansion", on: part ? ["video_id", "part"] : ["video_id"] },
        },
      ],
    }),
    buildSpec("caption", {
      columns: { video_id: column("video_id"), chunk_id: column("chunk_id"), words: maybeText },
      ids,
      deps: [kind === "by video" ? { ...dep, lineage: { type: "aggregation", on: ["video_id"] } } : dep],
      fields: [{ key: "words", codeVersion: code }],
    }),
    buildSpec("summary", {
      columns: Object.fromEntries(ids.map((id) => [id, text])),
      ids,
      deps: [{ feature: "caption", select: [] }],
    }),
  ];
}

const samples = ["a", "b", "c"].map((video_id) => ({
  video_id,
  part: "p",
  metaxy_provenance_by_field: { default: video_id },
}));

/** Runs all that is derived, upstream first; every video has two chunks. */
async function runAll(store: Store, sketch: Sketch): Promise<Record<string, Counts>> {
  const counts: Record<string, Counts> = {};
  for (const feature of Object.values(loadProject(specsOf(sketch), { hashLength: 64 })) as AnyFeature[]) {
    if (feature.plan.kind === "root") continue;
    await using increment = await store.resolve(feature);
    counts[feature.key] = increment.counts;
    const rows = [...(await increment.new.toArray()), ...(await increment.stale.toArray())] as object[];
    const units = new Map(
      (rows as Row[]).map((row) => [JSON.stringify(feature.plan.grain.map((name) => row[name])), row]),
    );
    const outputs = [...units.values()].flatMap((row) => {
      const own = Object.fromEntries(
        Object.keys(feature.spec.columns).map((column) => [column, row[column] ?? null]),
      );
      if (feature.key === "caption" && sketch.ids === "by video") return [{ ...own, chunk_id: null }];
      if (feature.key !== "chunk") return [own];
      return [0, 1].map((n) => ({ ...own, chunk_id: `${row["video_id"]}${n}` }));
    });
    if (outputs.length > 0) await increment.write(untyped(outputs));
  }
  return counts;
}

async function openQuietly(path: string): Promise<Store> {
  return openStore(path, { onWarning: () => undefined });
}

async function ranStore(sketch: Sketch): Promise<string> {
  const path = await freshPath();
  await using store = await openQuietly(path);
  const { video } = loadProject(specsOf(sketch), { hashLength: 64 });
  await store.write(video as AnyFeature, untyped(samples));
  await runAll(store, sketch);
  return path;
}

async function forecast(before: Sketch, after: Sketch, path: string): Promise<VersionDiff> {
  const [from, now] = [before, after].map((sketch) => compileSpecs(specsOf(sketch), { hashLength: 64 }));
  if (from === undefined || now === undefined) throw new Error("not compiled");
  const manifestOf = ({ model, versions }: typeof now) =>
    buildManifest(model, versions, { project: "test", hashLength: 64 });
  return addRowCounts(diffManifests(manifestOf(from), manifestOf(now)), await countRowsAt(now, { path }));
}

/** What is foretold of captions and summaries: new, stale, orphaned, up to date. */
function forecastCounts({ features }: VersionDiff): object {
  return Object.fromEntries(
    features
      .filter(({ key }) => key === "caption" || key === "summary")
      .map(({ key, rows, rowsUnavailable }) => [
        key,
        rows === undefined ? rowsUnavailable : [rows.new, rows.stale, rows.orphaned, rows.upToDate],
      ]),
  );
}

const numbers = (counts: Record<string, Counts>) =>
  Object.fromEntries(
    ["caption", "summary"].map((key) => {
      const { new: added, stale, orphaned } = counts[key] ?? {};
      return [key, [added, stale, orphaned]];
    }),
  );

describe("diff --store where id columns change", () => {
  const families: readonly (readonly [string, Kind, Kind, number, number])[] = [
    ["another grain", "by chunk", "by video", 6, 3],
    ["another grain, back", "by video", "by chunk", 3, 6],
    ["one id more", "by chunk", "by both", 6, 6],
    ["one id less", "by both", "by chunk", 6, 6],
  ];

  it.each(families)(
    "%s: all is new, the old rows are left aside, and they count again",
    async (_, was, is, stored, expected) => {
      const [before, after] = [{ ids: was }, { ids: is }];
      const path = await ranStore(before);
      const diff = await forecast(before, after, path);
      expect(forecastCounts(diff)).toEqual({ caption: [expected, 0, 0, 0], summary: [expected, 0, 0, 0] });
      expect(diff.runOrder).toEqual(["caption", "summary"]);
      {
        await using store = await openQuietly(path);
        expect(numbers(await runAll(store, after))).toEqual({
          caption: [expected, 0, 0],
          summary: [expected, 0, 0],
        });
      }
      // Settled under the new ids, and under the old ones again.
      for (const [from, to, units] of [
        [after, after, expected],
        [after, before, stored],
      ] as const) {
        const again = await forecast(from, to, path);
        expect(forecastCounts(again)).toEqual({ caption: [0, 0, 0, units], summary: [0, 0, 0, units] });
        expect(again.runOrder).toEqual([]);
        await using store = await openQuietly(path);
        expect(numbers(await runAll(store, to))).toEqual({ caption: [0, 0, 0], summary: [0, 0, 0] });
      }
    },
  );

  it.each(families)("%s, and a new version in the same edit", async (_, was, is, stored, expected) => {
    const before: Sketch = { ids: was };
    const after: Sketch = { ids: is, code: "2" };
    const path = await ranStore(before);
    expect(forecastCounts(await forecast(before, after, path))).toEqual({
      caption: [expected, 0, 0, 0],
      summary: [expected, 0, 0, 0],
    });
    {
      await using store = await openQuietly(path);
      expect(numbers(await runAll(store, after))).toEqual({
        caption: [expected, 0, 0],
        summary: [expected, 0, 0],
      });
    }
    expect(forecastCounts(await forecast(after, before, path))).toEqual({
      caption: [0, 0, 0, stored],
      summary: [0, 0, 0, stored],
    });
  });

  it("of a root: nobody knows its samples before it runs, nor what becomes of those below", async () => {
    const path = await ranStore({});
    const diff = await forecast({}, { part: true }, path);
    const rows = Object.fromEntries(diff.features.map((feature) => [feature.key, feature.rows]));
    expect(rows["video"]).toMatchObject({ new: 0, upToDate: 0, incomplete: true });
    expect(diff.runOrder).toEqual(["video", "chunk", "caption", "summary"]);
    // What is stored may be stale or gone, or just what is expected: no command that deletes is named.
    expect(rows["chunk"]).toMatchObject({ stale: 3, orphaned: 3, incomplete: true });
    const words = renderText(diff, { color: false }).replaceAll("\n", " ");
    expect(words).toContain("as far as is known. Keep them until the upstream features have run.");
    expect(words).not.toContain("stemma delete");
    await using store = await openQuietly(path);
    const { video } = loadProject(specsOf({ part: true }), { hashLength: 64 });
    await store.write(video as AnyFeature, untyped(samples));
    const actual = await runAll(store, { part: true });
    expect(actual["chunk"]).toMatchObject({ new: 3 });
  });

  it("of a root, and a new version in the same edit: samples of other ids tell nothing", async () => {
    const path = await ranStore({ part: true });
    const diff = await forecast({ part: true }, { part: false, rootCode: "2" }, path);
    expect(diff.features.find(({ key }) => key === "video")?.rows).toMatchObject({
      new: 0,
      incomplete: true,
    });
    expect(diff.runOrder).toContain("video");
  });
});
