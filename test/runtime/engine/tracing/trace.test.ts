import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Project, Store, Trace } from "../../../../runtime/index.ts";
import { type RecordingKey, recordingFeatures } from "../../../support/recordings.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const byKey = recordingFeatures();
const { recording: Recording, clean: Clean, chunk: Chunk, voice: Voice, "chunk/words": Words } = byKey;
const projectOf = (features: Record<RecordingKey, AnyFeature>): Project => ({
  name: "p",
  version: "v1",
  features: Object.values(features),
});

const recording = (recording_id: string, speaker: string, version = "1") => ({
  recording_id,
  speaker,
  metaxy_provenance_by_field: { audio: `${recording_id}${version}` },
});
const values = (item: unknown) => item as Readonly<Record<string, unknown>>;

async function opened(path = ":memory:", features = byKey): Promise<Store> {
  return openStore(path, { project: projectOf(features) });
}

/** Recordings a and b of ann, and c of cem, with two chunks each; words of the chunks of a and b. */
async function computed(): Promise<Store> {
  const store = await opened();
  await store.write(
    Recording,
    untyped([recording("a", "ann"), recording("b", "ann"), recording("c", "cem")]),
    { materializationId: "run-1" },
  );
  await store.process(Clean, async (item) => untyped({ uid: values(item)["uid"] }));
  await store.process(Chunk, async (item) =>
    untyped([1, 2].map((chunk) => ({ recording_id: values(item)["recording_id"], chunk }))),
  );
  await store.process(Voice, async (item) =>
    untyped({ speaker: (values(item)["id"] as { speaker: string }).speaker, count: 1 }),
  );
  await store.process(Words, async (item) => {
    const { recording_id, chunk } = values(item);
    return untyped(recording_id === "c" ? [] : { recording_id, chunk });
  });
  return store;
}

/** `feature: id state, id state` of each feature. */
const short = ({ features }: Trace) =>
  features.map(
    ({ feature, samples }) =>
      `${feature}: ${samples.map(({ id, state }) => `${Object.values(id).join("-")} ${state}`).join(", ")}`,
  );
const traceOf = async (store: Store, feature: AnyFeature, id: object, options?: object) =>
  store.trace(feature, untyped(id), untyped(options));

describe("trace", () => {
  it("goes down from a root, to all that is made from the sample", async () => {
    await using store = await computed();
    const trace = await traceOf(store, Recording, { recording_id: "a" });
    expect(short(trace)).toEqual([
      "recording: a present",
      "chunk: a-1 present, a-2 present",
      "chunk/words: a-1 present, a-2 present",
      "clean: a present",
      "voice: ann present",
    ]);
    expect(trace).toMatchObject({ feature: "recording", id: { recording_id: "a" } });
    expect(trace.features.map(({ direction }) => direction)).toEqual([
      "origin",
      "downstream",
      "downstream",
      "downstream",
      "downstream",
    ]);
    const [sample] = trace.features[0]?.samples ?? [];
    const [row] = (await store
      .read(Recording, untyped({ filters: "recording_id = 'a'" }))
      .toArray()) as unknown[];
    expect(sample).toEqual({
      id: { recording_id: "a" },
      state: "present",
      changedFields: [],
      error: null,
      featureVersion: Recording.featureVersion,
      projectVersion: "v1",
      provenance: values(row)["metaxy_provenance"],
      dataVersion: values(row)["metaxy_data_version"],
      materializationId: "run-1",
      createdAt: values(row)["metaxy_created_at"],
      updatedAt: values(row)["metaxy_updated_at"],
      deletedAt: null,
    });
  });

  it("goes up from a leaf and from a group, and not down again to siblings", async () => {
    await using store = await computed();
    expect(short(await traceOf(store, Words, { recording_id: "b", chunk: 2 }))).toEqual([
      "recording: b present",
      "chunk: b-2 present",
      "chunk/words: b-2 present",
    ]);
    expect(short(await traceOf(store, Voice, { speaker: "ann" }))).toEqual([
      "recording: a present, b present",
      "voice: ann present",
    ]);
    expect(short(await traceOf(store, Chunk, { recording_id: "a", chunk: 1 }))).toEqual([
      "recording: a present",
      "chunk: a-1 present",
      "chunk/words: a-1 present",
    ]);
  });

  it("says what is missing, and what failed and why", async () => {
    await using store = await computed();
    await using open = await store.resolve(Words);
    const [, second] = (await open.new.toArray()) as unknown[];
    const { recording_id, chunk, metaxy_provenance: provenance } = values(second);
    await store
      .errors(Words)
      .record(untyped([{ id: { recording_id, chunk }, provenance, type: "TypeError", message: "no words" }]));
    const trace = await traceOf(store, Recording, { recording_id: "c" });
    expect(short(trace)).toContain("chunk/words: c-1 missing, c-2 failed");
    const words = trace.features.find(({ feature }) => feature === "chunk/words");
    expect(words?.samples[1]).toMatchObject({
      error: { type: "TypeError", message: "no words", at: expect.stringMatching(/Z$/) },
      featureVersion: null,
    });
    expect(short(await traceOf(store, Words, { recording_id: "c", chunk: 2 }))).toEqual([
      "recording: c present",
      "chunk: c-2 present",
      "chunk/words: c-2 failed",
    ]);
  });

  it("says what is stale, with the fields that changed; the others of a group are no part of it", async () => {
    await using store = await computed();
    await store.write(Recording, untyped([recording("a", "ann", "2")]));
    const trace = await traceOf(store, Recording, { recording_id: "a" });
    expect(short(trace)).toEqual([
      "recording: a present",
      "chunk: a-1 stale, a-2 stale",
      "chunk/words: a-1 present, a-2 present",
      "clean: a stale",
      "voice: ann stale",
    ]);
    expect(trace.features.at(-1)?.samples[0]?.changedFields).toEqual(["default"]);
  });

  it("says what is deleted and what is orphaned", async () => {
    await using store = await computed();
    await store.delete(Recording, untyped({ recording_id: "a" }));
    expect(short(await traceOf(store, Recording, { recording_id: "a" }))).toEqual([
      "recording: a deleted",
      "chunk: a-1 orphaned, a-2 orphaned",
      "chunk/words: a-1 present, a-2 present",
      "clean: a orphaned",
      "voice: ann stale",
    ]);
    await store.delete(Recording, untyped({ recording_id: "b" }));
    expect(short(await traceOf(store, Voice, { speaker: "ann" }))).toEqual([
      "recording: a deleted, b deleted",
      "voice: ann orphaned",
    ]);
  });

  it("says what is stored under an older version, beside the current one", async () => {
    const after = recordingFeatures("2");
    await using store = await computed();
    await store.write(after.recording, untyped([recording("a", "ann")]));
    await using newer = await openStore(":memory:", { project: projectOf(after) });
    await newer.copy(store, Object.values(after), { history: true });
    const trace = await traceOf(newer, after.recording, { recording_id: "a" });
    expect(short(trace)).toEqual([
      "recording: a older-version, a present",
      "chunk: a missing, a-1 older-version, a-2 older-version",
      "chunk/words: a-1 older-version, a-2 older-version",
      "clean: a older-version, a missing",
      "voice: ann older-version, ann missing",
    ]);
  });

  it("lists a limited number, and says that there are more", async () => {
    await using store = await computed();
    const many = Array.from({ length: 50 }, (_, index) => recording(`x${index}`, "eve"));
    await store.write(Recording, untyped(many));
    const trace = await traceOf(store, Voice, { speaker: "eve" }, { limit: 10 });
    const [recordings, voice] = trace.features;
    expect(recordings).toMatchObject({ feature: "recording", isTruncated: true });
    expect(recordings?.samples).toHaveLength(10);
    expect(voice?.samples.map(({ state }) => state)).toEqual(["missing"]);
  });

  it("orders samples by the values of their ids", async () => {
    await using store = await computed();
    await using increment = await store.resolve(Chunk, { skipComparison: true });
    await increment.write(untyped([10, 9, 2].map((chunk) => ({ recording_id: "a", chunk }))));
    const { features } = await traceOf(store, Recording, { recording_id: "a" });
    const chunks = features.find(({ feature }) => feature === "chunk")?.samples ?? [];
    expect(chunks.map(({ id }) => id["chunk"])).toEqual([1, 2, 9, 10]);
  });

  it("is empty of a sample that nobody knows", async () => {
    await using store = await computed();
    const trace = await traceOf(store, Recording, { recording_id: "nobody" });
    expect(trace.features.flatMap(({ samples }) => samples)).toEqual([]);
  });

  it("refuses a store without its project, a feature of another project, half an id and unknown options", async () => {
    await using store = await computed();
    await using bare = await openStore(":memory:");
    const codeOf = async (work: Promise<unknown>) => (await refusalOf(work)).code;
    expect(await codeOf(traceOf(bare, Recording, { recording_id: "a" }))).toBe("project-required");
    expect(await codeOf(traceOf(store, recordingFeatures("3").recording, { recording_id: "a" }))).toBe(
      "unknown-feature",
    );
    expect(await codeOf(traceOf(store, Chunk, { recording_id: "a" }))).toBe("missing-column");
    expect(await codeOf(traceOf(store, Recording, { recording_id: null }))).toBe("null-id");
    const signal = AbortSignal.abort();
    expect(await codeOf(traceOf(store, Recording, { recording_id: "a" }, { signal }))).toBe("cancelled");
    expect(await codeOf(traceOf(store, Recording, { recording_id: "a" }, { depth: 2 }))).toBe(
      "unknown-option",
    );
    expect(await codeOf(traceOf(store, Recording, { recording_id: "a" }, { limit: 0 }))).toBe("wrong-type");
  });
});
