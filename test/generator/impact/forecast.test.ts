import { describe, expect, it } from "vitest";
import { addRowCounts, diffManifests, type VersionDiff } from "../../../generator/diff/index.ts";
import { buildManifest } from "../../../generator/manifest/index.ts";
import { renderText } from "../../../generator/report/index.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, Counts, Store } from "../../../runtime/index.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";
import { countRowsAt } from "../../support/count-rows.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { loadProject } from "../../support/load-project.ts";
import { untyped } from "../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;
/** What a worker makes of the rows of one unit of work. */
type Worker = (rows: readonly Row[]) => readonly Row[];
type Workers = Readonly<Record<string, Worker>>;

interface Options {
  readonly chunker?: string;
  readonly length?: string;
  readonly declared?: boolean;
  readonly loudness?: number;
  readonly more?: object;
  readonly captionIds?: "chunk" | "video";
}

const number = { type: "number" };

/** Videos → chunks (1:N, filtered) → audio → transcript (filtered) → speaker (N:1). */
function project({
  chunker = "1",
  length = "duration",
  declared = false,
  loudness = -40,
  more = {},
}: Options = {}) {
  const ofChunk = { chunk_id: text };
  return [
    buildSpec("video", {
      columns: {
        video_id: text,
        [length]: length === "duration" || !declared ? number : { ...number, renamedFrom: "duration" },
        ...more,
      },
      ids: ["video_id"],
    }),
    buildSpec("video/chunk", {
      columns: { video_id: text, ...ofChunk },
      ids: ["chunk_id"],
      deps: [
        {
          feature: "video",
          select: [],
          where: [`${length} > 10`],
          lineage: { type: "expansion", on: ["video_id"] },
        },
      ],
      fields: [
        { key: "frames", codeVersion: chunker, deps: "all" },
        { key: "audio", deps: "all" },
      ],
    }),
    buildSpec("audio", {
      columns: { ...ofChunk, loudness: number },
      ids: ["chunk_id"],
      deps: [{ feature: "video/chunk", select: [] }],
      fields: [{ key: "sound", deps: [{ feature: "video/chunk", fields: ["audio"] }] }],
    }),
    buildSpec("transcript", {
      columns: { ...ofChunk, speaker_id: text },
      ids: ["chunk_id"],
      deps: [{ feature: "audio", select: [], where: [`loudness > ${loudness}`] }],
    }),
    buildSpec("speaker", {
      columns: { speaker_id: text },
      ids: ["speaker_id"],
      deps: [{ feature: "transcript", select: [], lineage: { type: "aggregation", on: ["speaker_id"] } }],
    }),
  ];
}

const workers = (pieces: number): Workers => ({
  "video/chunk": ([row = {}]) =>
    Array.from({ length: pieces }, (_, n) => ({
      video_id: row["video_id"],
      chunk_id: `${row["video_id"]}-${n}`,
    })),
  audio: ([row = {}]) => [
    { chunk_id: row["chunk_id"], loudness: -10 * (1 + (Number(String(row["chunk_id"]).slice(-1)) % 4)) },
  ],
  transcript: ([row = {}]) => [{ chunk_id: row["chunk_id"], speaker_id: `s${String(row["chunk_id"])[1]}` }],
  speaker: ([row = {}]) => [{ speaker_id: row["speaker_id"] }],
});

const samples = (length = "duration") =>
  Array.from({ length: 4 }, (_, n) => ({
    video_id: `v${n}`,
    [length]: 20,
    metaxy_provenance_by_field: { default: `${n}` },
  }));

/** Runs features with deps, upstream first, and gives what each had to do. */
async function runAll(
  store: Store,
  specs: readonly object[],
  work: Workers,
): Promise<Record<string, Counts>> {
  const counts: Record<string, Counts> = {};
  for (const feature of Object.values(loadProject(specs, { hashLength: 64 }))) {
    if (feature.plan.kind === "root") continue;
    await using increment = await store.resolve(feature as AnyFeature);
    counts[feature.key] = increment.counts;
    const rows = [
      ...(await increment.new.toArray()),
      ...(await increment.stale.toArray()),
    ] as object[] as Row[];
    const workItems = new Map<string, Row[]>();
    for (const row of rows) {
      const workItem = JSON.stringify(feature.plan.grain.map((column) => row[column]));
      workItems.set(workItem, [...(workItems.get(workItem) ?? []), row]);
    }
    const outputs = [...workItems.values()].flatMap((workItem) => work[feature.key]?.(workItem) ?? []);
    if (outputs.length > 0) await increment.write(untyped(outputs));
  }
  return counts;
}

/** A store in which a project has run. */
async function ranStore(options: Options = {}): Promise<string> {
  const path = await freshPath();
  await using store = await openStore(path);
  const specs = project(options);
  const { video } = loadProject(specs, { hashLength: 64 });
  await store.write(video as AnyFeature, untyped(samples(options.length)));
  await runAll(store, specs, workers(4));
  return path;
}

async function forecast(before: Options, after: Options, path: string): Promise<VersionDiff> {
  const [then, now] = [before, after].map((options) => compileSpecs(project(options), { hashLength: 64 }));
  if (then === undefined || now === undefined) throw new Error("not compiled");
  const [from, to] = [then, now].map(({ model, versions }) =>
    buildManifest(model, versions, { project: "test", hashLength: 64 }),
  );
  if (to === undefined) throw new Error("no manifest");
  const counted = await countRowsAt({ ...now, ...(from === undefined ? {} : { before: from }) }, { path });
  return addRowCounts(diffManifests(from, to), counted);
}

function rowsOf(diff: VersionDiff): Record<string, object | undefined> {
  return Object.fromEntries(diff.features.map(({ key, rows }) => [key, rows]));
}

/** The text of a diff, each paragraph on one line. */
function textOf(diff: VersionDiff): string {
  return renderText(diff, { color: false });
}

describe("the forecast of a diff", () => {
  it("of a chunker that was bumped rests on the rows that it makes, and says so everywhere below", async () => {
    const path = await ranStore();
    const diff = await forecast({}, { chunker: "2" }, path);
    const assumes = ["video/chunk"];
    expect(rowsOf(diff)).toMatchObject({
      "video/chunk": { workItem: "video", new: 4 },
      audio: { workItem: "chunk", new: 0, upToDate: 16, assumes },
      transcript: { assumes },
      speaker: { workItem: "speaker", new: 0, upToDate: 4, assumes },
    });
    expect(diff.runOrder).toEqual(["video/chunk"]);
    expect(diff.mayRun).toEqual(["audio", "transcript", "speaker"]);
    expect(textOf(diff)).toContain(`
In the store: 1 feature has work, 3 may have work, 1 is up to date.

               new  up to date
  video/chunk    4              videos
  if video/chunk makes the same rows:
  audio                     16  chunks
  speaker                    4  speakers
  transcript                12  chunks
Up to date: video (4 videos).
`);
    expect(textOf(diff)).toContain(
      "If video/chunk makes other rows than before, audio, transcript and speaker have work too.",
    );
    // It cuts 8 instead of 4: what is below has work, as it was said to.
    await using store = await openStore(path);
    const actual = await runAll(store, project({ chunker: "2" }), workers(8));
    expect(actual["audio"]).toMatchObject({ new: 16 });
    expect(actual["speaker"]).toMatchObject({ stale: 4 });
  });

  it("of a loosened filter bounds the groups that may get further members", async () => {
    const path = await ranStore({ loudness: -30 });
    const diff = await forecast({ loudness: -30 }, { loudness: -50 }, path);
    expect(rowsOf(diff)).toMatchObject({
      transcript: { new: 8, stale: 0, upToDate: 8 },
      speaker: { new: 0, stale: 4, upToDate: 0, upperBound: true, incomplete: true },
    });
    expect(diff.runOrder).toEqual(["transcript", "speaker"]);
    expect(textOf(diff)).toMatch(/\n {2}speaker +at most 4 +speakers, more may follow\n/);
    await using store = await openStore(path);
    const actual = await runAll(store, project({ loudness: -50 }), workers(4));
    expect(actual["speaker"]).toMatchObject({ new: 0, stale: 4 });
  });

  it("of a tightened filter sends nobody to run what does nothing, and names the command that does", async () => {
    const path = await ranStore();
    const diff = await forecast({}, { loudness: -25 }, path);
    expect(rowsOf(diff)).toMatchObject({
      transcript: { new: 0, stale: 0, orphaned: 4 },
      speaker: { new: 0, stale: 0, upToDate: 4 },
    });
    expect([diff.runOrder, diff.mayRun]).toEqual([[], []]);
    const words = textOf(diff);
    expect(words).not.toMatch(/^Run /m);
    expect(words).toContain(
      "4 chunks of transcript are no longer expected: they stay stored, and speaker uses them as input, until `stemma delete transcript --orphaned` deletes them.",
    );
    await using store = await openStore(path);
    expect(await runAll(store, project({ loudness: -25 }), workers(4))).toMatchObject({
      transcript: { new: 0, stale: 0, orphaned: 4 },
      speaker: { new: 0, stale: 0, orphaned: 0 },
    });
  });

  it("says so where an edit leaves nothing of a feature", async () => {
    const diff = await forecast({}, { loudness: 0 }, await ranStore());
    expect(textOf(diff)).toContain("All 12 chunks of transcript are no longer expected");
    expect(textOf(diff)).toContain("Nothing is left then: check the edit first.");
  });

  it("of a column that is declared as renamed has nothing to run: its values are carried over", async () => {
    const path = await ranStore();
    const change = { length: "duration_s", declared: true } as const;
    const diff = await forecast({}, change, path);
    expect(diff.runOrder).toEqual([]);
    expect(rowsOf(diff)).toMatchObject({ "video/chunk": { orphaned: 0, upToDate: 4 } });
    expect(textOf(diff)).toContain("The column duration was renamed to duration_s.");
    await using store = await openStore(path);
    const nothing = { new: 0, stale: 0, orphaned: 0 };
    expect(await runAll(store, project(change), workers(4))).toMatchObject({
      "video/chunk": nothing,
      audio: nothing,
      transcript: nothing,
      speaker: nothing,
    });
  });

  it("of a column that seems to be renamed begins where its values are missing", async () => {
    const path = await ranStore();
    const declared = false;
    const said = "The column duration seems to be renamed to duration_s: both have the same type.";
    const diff = await forecast({}, { length: "duration_s", declared }, path);
    expect(diff.runOrder).toEqual(["video"]);
    expect(rowsOf(diff)).toMatchObject({
      video: { new: 0, upToDate: 4, misfits: [{ column: "duration_s", rule: "required", rows: 4 }] },
      "video/chunk": { orphaned: 0, upToDate: 4, assumes: ["video"] },
      speaker: { orphaned: 0, upToDate: 4, assumes: ["video"] },
    });
    const words = textOf(diff);
    expect(words).toContain(said);
    expect(words).toContain("\nRun video.\n");
    expect(words).toContain(
      '4 stored rows of video have no duration_s, and `read` refuses them: `"renamedFrom": "duration"` in its spec keeps the values of duration, or write them again (`staleIf: "duration_s IS NULL"` finds them).',
    );
    expect(words).toContain("Until video has run, video/chunk reports its rows as orphaned: keep them.");
    expect(words).not.toContain("delete");
    expect(words).not.toContain("filter");

    // Written again, nothing is left to do.
    await using store = await openStore(path);
    const specs = project({ length: "duration_s", declared });
    const { video } = loadProject(specs, { hashLength: 64 });
    await store.write(video as AnyFeature, untyped(samples("duration_s")));
    const nothing = { new: 0, stale: 0, orphaned: 0 };
    expect(await runAll(store, specs, workers(4))).toMatchObject({
      "video/chunk": nothing,
      audio: nothing,
      transcript: nothing,
      speaker: nothing,
    });
  });

  it("counts stored rows that lack a new required column, and those that break a constraint", async () => {
    const path = await ranStore();
    const more = { lang: text };
    const required = await forecast({}, { more }, path);
    expect(required.runOrder).toEqual(["video"]);
    expect(textOf(required)).toContain(
      '4 stored rows of video have no lang, and `read` refuses them: write them again (`staleIf: "lang IS NULL"` finds them), or make the column nullable.',
    );
    const bounded = await forecast({}, { more: { duration: { type: "number", minimum: 30 } } }, path);
    expect(bounded.runOrder).toEqual([]);
    expect(textOf(bounded)).toContain(
      "4 stored rows of video break the minimum of duration: they stay until they are written again.",
    );
  });

  it("of specs that did not change starts where the store is", async () => {
    const path = await ranStore();
    {
      await using store = await openStore(path);
      const { video } = loadProject(project(), { hashLength: 64 });
      const [first] = samples();
      const more = { ...first, video_id: "v9" };
      await store.write(video as AnyFeature, untyped([more]));
    }
    const diff = await forecast({}, {}, path);
    // Nobody knows yet what the new video brings: those below run too, and any speaker may say something in it.
    expect([diff.runOrder, diff.mayRun]).toEqual([["video/chunk", "audio", "transcript", "speaker"], []]);
    const words = textOf(diff);
    expect(words).toContain("\nRun video/chunk, then audio, then transcript, then speaker.\n");
    expect(words).toMatch(/\n {2}video\/chunk +1 +4 {2}videos\n/);
  });
});
