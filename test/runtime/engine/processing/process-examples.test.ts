import { describe, expect, it } from "vitest";
import { Audio, FaceRecognition, SpeakerEmbedding, Video, VideoChunk } from "../../../../generated/index.ts";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { untyped } from "../../../support/untyped.ts";

/** A store with the rows of a root. */
async function storeOf(root: AnyFeature, rows: readonly object[]): Promise<Store> {
  const store = await openStore(":memory:");
  const versions = Object.fromEntries(Object.keys(root.plan.fieldMembers).map((member) => [member, "1"]));
  await store.write(root, untyped(rows.map((row) => ({ ...row, metaxy_provenance_by_field: versions }))));
  return store;
}

const videos = () =>
  storeOf(
    Video,
    ["a", "b", "c"].map((video_id) => ({ video_id, path: `${video_id}.mp4` })),
  );

const countFaces = async (paths: readonly string[]) => paths.map((path) => path.length);
const cut = async (path: string) => (path === "b.mp4" ? [] : [`${path}-0`, `${path}-1`]);

// The examples of docs/store.md.
describe("process by the kind of the work item", () => {
  it("computes rows, 64 in each call", async () => {
    await using store = await videos();
    await store.process(VideoChunk, ({ video_id }) => ({ video_chunk_id: video_id, path: `${video_id}.ts` }));
    const totals = await store.process(FaceRecognition, {
      batch: 64,
      run: async (chunks) => {
        const counts = await countFaces(chunks.map(({ path }) => path));
        return chunks.map(({ video_chunk_id }, index) => ({ video_chunk_id, num_faces: counts[index] ?? 0 }));
      },
    });
    expect(totals).toMatchObject({ written: 3, rows: 3, failed: [] });
  });

  it("computes the children of a parent, and fills in the parent", async () => {
    await using store = await videos();
    const totals = await store.process(VideoChunk, async ({ video_id, path }) => {
      const parts = await cut(path);
      return parts.map((part, index) => ({ video_chunk_id: `${video_id}_${index}`, path: part }));
    });
    expect(totals).toMatchObject({ written: 2, rows: 4, empty: 1, failed: [] });
    expect(await store.read(VideoChunk).select("video_id", "video_chunk_id").toArray()).toContainEqual({
      video_id: "a",
      video_chunk_id: "a_1",
    });
  });

  it("computes groups with their rows", async () => {
    const audio = ["anna", "anna", "ben"].map((speaker_id, index) => {
      return { audio_id: `${index}`, speaker_id, duration_seconds: 1, path: `${index}.wav` };
    });
    await using store = await storeOf(Audio, audio);
    await store.process(SpeakerEmbedding, {
      batch: 8,
      run: async (groups) =>
        groups.map(({ id, rows }) => ({ ...id, n_dim: rows.length, path: `${id.speaker_id}.npy` })),
    });
    expect(await store.read(SpeakerEmbedding).select("speaker_id", "n_dim").toArray()).toEqual([
      { speaker_id: "anna", n_dim: 2 },
      { speaker_id: "ben", n_dim: 1 },
    ]);
  });
});
