// Calls of a store infer all they need from the feature.
import type { AnyFeature, FieldOf, InputOf, Project, RowOf, Store, WriteOf } from "stemma";
import { Audio, ChildFeature, type project, SpeakerEmbedding, VideoChunk } from "../../generated/index.js";
import versions from "../../generated/versions.json" with { type: "json" };
import { Kinds } from "../golden/modules/column-kinds/expected/generated/kinds.js";
import { Image } from "../golden/modules/root/expected/generated/images/image.js";
import { Summary } from "../golden/modules/several-deps/expected/generated/summary.js";
import { holds, type Same } from "./same.ts";

declare const store: Store;

// Filters are by the keys of the direct upstreams, and the feature's own.
await store.resolve(Summary, {
  filters: { recording: "duration > 10", review: ["grade = 1", "by = 'me'"], summary: "summary IS NULL" },
});
// @ts-expect-error not an upstream
await store.resolve(Summary, { filters: { audio: "duration > 10" } });
// @ts-expect-error a root has no upstream
await store.resolve(Image, { samples: [], filters: { recording: "width > 10" } });
await store.resolve(Image, { samples: [], filters: { image: "width > 10" } });
// @ts-expect-error not an option
await store.resolve(Summary, { stale: "grade IS NULL" });

// Samples are rows with provenance.
const row: WriteOf<typeof Image> = { image_id: "a", path: "p", width: 1 };
await store.resolve(Image, {
  samples: [{ ...row, metaxy_provenance_by_field: { pixels: "1", caption: "2" } }],
});
// @ts-expect-error no provenance
await store.resolve(Image, { samples: [row] });

// Reading gives the wanted columns and the system columns.
for await (const stored of store.read(Image, { columns: ["path"] })) {
  holds<Same<typeof stored.path, string>>();
  holds<Same<typeof stored.metaxy_updated_at, string | null>>();
  // @ts-expect-error not asked for
  stored.width;
}
for await (const stored of store.read(Image)) holds<Same<typeof stored.width, number>>();
for await (const stored of store.read(Kinds)) holds<Same<typeof stored.large, bigint>>();
// @ts-expect-error not a column
store.read(Image, { columns: ["hieght"] });

for await (const stored of store.read(Image).select("path", "width")) {
  holds<Same<typeof stored, { readonly path: string; readonly width: number }>>();
}

// Rows of several features are checked each against its own.
const images = [{ ...row, metaxy_provenance_by_field: { pixels: "1", caption: "2" } }];
await store.writeAll([
  { feature: Image, rows: images },
  { feature: Kinds, rows: { sql: "FROM kinds" } },
]);
// @ts-expect-error no provenance
await store.writeAll([{ feature: Image, rows: [row] }]);
await store.writeAll([
  { feature: Image, rows: images },
  // @ts-expect-error rows of another feature
  { feature: Kinds, rows: images },
]);

// A transaction takes what the store takes, and returns what its callback returns.
const deleted = await store.transaction(async (transaction) => {
  await transaction.write(Image, images);
  // @ts-expect-error no provenance
  await transaction.write(Image, [row]);
  return (await transaction.delete(Image, { image_id: "a" })).samples;
});
holds<Same<typeof deleted, number>>();

// The manifest that generate writes is what a push records.
const { changed } = await store.push(versions, { tags: { commit: "abc" } });
holds<Same<typeof changed, readonly string[]>>();
// @ts-expect-error tags are text
await store.push(versions, { tags: { commit: 5 } });

// Samples are deleted by filters, ids, rows that have them, or sets of what is stored.
const increment = await store.resolve(VideoChunk);
await store.delete(VideoChunk, increment.orphaned, { force: true });
await store.delete(VideoChunk, increment.stale, { hard: true, history: true });
await store.delete(Image, ["width > 10", "path = 'p'"]);
await store.delete(Image, { image_id: "a" });
await store.delete(Image, [{ image_id: "a" }, { image_id: "b" }]);
await store.delete(Image, store.read(Image, { filters: "width > 10" }));
await store.delete(Image, { sql: "SELECT 'a' AS image_id" });
const { examples } = await store.delete(Image, "TRUE", { dryRun: true });
holds<Same<typeof examples, readonly Readonly<Record<string, string>>[]>>();
// @ts-expect-error not the id of an image
await store.delete(Image, { video_id: "a" });
// @ts-expect-error an id is text
await store.delete(Image, [{ image_id: 5 }]);
// @ts-expect-error not an option
await store.delete(Image, "TRUE", { soft: true });
await store.drop(Image, { dryRun: true });
const dropped = await store.drop("old/image");
holds<Same<typeof dropped.existed, boolean>>();

// Failures are recorded and reset by the grain.
const errors = store.errors(SpeakerEmbedding);
for await (const { id, message } of errors.select("id", "message")) {
  holds<Same<typeof id, { readonly speaker_id: string }>>();
  holds<Same<typeof message, string>>();
}
await errors.record([{ id: { speaker_id: "a" }, provenance: "1", message: "too long" }]);
// @ts-expect-error not the grain
await errors.record([{ id: { audio_id: "a" }, provenance: "1", message: "too long" }]);
await errors.reset({ speaker_id: "a" });
// @ts-expect-error not the grain
await errors.reset([{ audio_id: "a" }]);
const progress = await store.progress(SpeakerEmbedding, { filters: { audio: "speaker_id = 'a'" } });
holds<Same<(typeof progress.pendingUpstream)[number]["feature"], "audio">>();
// @ts-expect-error not an option of progress
await store.progress(SpeakerEmbedding, { skipComparison: true });

// A worker gets a row, a parent, or a group, and returns rows of the feature.
const copied = await store.process(ChildFeature, ({ sample_uid, raw_data, metaxy_changed_fields }) => {
  holds<Same<typeof metaxy_changed_fields, readonly FieldOf<typeof ChildFeature>[] | undefined>>();
  return { sample_uid, raw_data };
});
holds<Same<(typeof copied.failed)[number]["id"], { readonly sample_uid: number }>>();
await store.process(SpeakerEmbedding, async ({ id, rows }, { signal, attempt }) => {
  holds<Same<typeof id, { readonly speaker_id: string }>>();
  holds<Same<(typeof rows)[number]["audio_id"], string>>();
  if (signal.aborted || attempt > 1) return null;
  return { speaker_id: id.speaker_id, n_dim: rows.length, path: "p" };
});
await store.process(
  VideoChunk,
  async ({ video_id }) => [{ video_id, video_chunk_id: `${video_id}_0`, path: "p" }],
  { concurrency: 8, batchSize: 100, retries: 2, onProgress: ({ done, total }) => void (done / total) },
);
await store.process(VideoChunk, () => []);
// A single work item fills in its grain columns; outputs of a batch are matched by them.
await store.process(VideoChunk, ({ video_id }) => [{ video_chunk_id: `${video_id}_0`, path: "p" }]);
await store.process(SpeakerEmbedding, {
  batch: 8,
  run: async (groups, { attempt }) => {
    holds<Same<(typeof groups)[number]["id"], { readonly speaker_id: string }>>();
    holds<Same<typeof attempt, number>>();
    return groups.map(({ id, rows }) => ({ speaker_id: id.speaker_id, n_dim: rows.length, path: "p" }));
  },
});
await store.process(SpeakerEmbedding, {
  batch: 8,
  // @ts-expect-error an output of a batch lacks its grain column
  run: async (groups) => groups.map(({ rows }) => ({ n_dim: rows.length, path: "p" })),
});
// @ts-expect-error a worker of batches has a size
await store.process(VideoChunk, { run: async () => [] });
// @ts-expect-error retryFailed is its opposite
await store.process(VideoChunk, () => [], { excludeFailed: true });
// @ts-expect-error a group has no columns of its own
await store.process(SpeakerEmbedding, ({ speaker_id }) => ({ speaker_id, n_dim: 1, path: "p" }));
// @ts-expect-error the row lacks a column
await store.process(VideoChunk, ({ video_id }) => [{ video_id, path: "p" }]);
// @ts-expect-error a parent has no rows
await store.process(VideoChunk, ({ rows }) => rows);
// @ts-expect-error not an option
await store.process(VideoChunk, () => [], { concurency: 8 });

// The value is typed by its own names.
holds<Same<typeof Summary.key, "summary">>();
Summary.fields["quality/grade"].version;
// @ts-expect-error not a field
Summary.fields.grade;
// @ts-expect-error modules are data, and readonly
Summary.featureVersion = "";
holds<Same<typeof project, Project>>();

// Features of all types stand in for any feature: in lists, records, constraints and interfaces.
const all: readonly AnyFeature[] = [Audio, ChildFeature, SpeakerEmbedding, VideoChunk, Kinds, Summary];
const byKey: Record<string, AnyFeature> = Object.fromEntries(all.map((feature) => [feature.key, feature]));
void byKey;

interface Step<F extends AnyFeature> {
  readonly feature: F;
  readonly work: (row: InputOf<F>) => WriteOf<F>;
}

interface Stage<S extends Step<AnyFeature>> {
  readonly step: S;
}

declare function step<F extends AnyFeature>(feature: F, work: (row: InputOf<F>) => WriteOf<F>): Step<F>;
declare function keyOf<S extends { readonly feature: AnyFeature }>(stage: S): S["feature"]["key"];

const copies = step(ChildFeature, ({ sample_uid, raw_data }) => ({ sample_uid, raw_data }));
holds<Same<ReturnType<typeof keyOf<typeof copies>>, "examples/child">>();
// @ts-expect-error the increment has no such column
step(ChildFeature, ({ sample_uid, raw_dat }) => ({ sample_uid, raw_data: raw_dat }));
// @ts-expect-error the row lacks a column
step(ChildFeature, ({ sample_uid }) => ({ sample_uid }));

async function copy<F extends AnyFeature>(feature: F, rows: readonly RowOf<F>[]): Promise<Stage<Step<F>>[]> {
  const increment = await store.resolve(feature);
  void [increment.counts.new, rows.length];
  return [];
}
await copy(Audio, []);

// Rows come from files, and go to them.
await store.write(Image, { parquet: "a.parquet" });
await store.write(Image, { csv: ["a.csv", "b.csv"], delimiter: ";" });
await store.resolve(Image, { samples: { json: "a.ndjson" } });
await store.delete(Image, { csv: "ids.csv" });
// @ts-expect-error a path is a string
await store.write(Image, { json: 5 });
await using answered = await store.resolve(Summary);
await answered.write({ parquet: "answers/*.parquet" }, { signal: AbortSignal.timeout(1000) });
const exported = await answered.new.export("new.parquet", { overwrite: true });
holds<Same<typeof exported.rows, number>>();
await answered.stale.select("metaxy_provenance").export("stale.csv");
