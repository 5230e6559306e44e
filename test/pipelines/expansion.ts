import { createHash } from "node:crypto";
import type { FaceRecognition, Video, VideoChunk } from "../../generated/index.ts";
import type { PipelineRun } from "./pipeline.ts";

/** The features of this pipeline, as the generated modules export them. */
export interface ExpansionFeatures {
  readonly Video: typeof Video;
  readonly VideoChunk: typeof VideoChunk;
  readonly FaceRecognition: typeof FaceRecognition;
}

/** Videos, cut into chunks; faces are looked for in the frames of each chunk. */
export async function runExpansion({
  features,
  store,
  roots,
  print,
}: PipelineRun<ExpansionFeatures>): Promise<void> {
  const { Video, VideoChunk, FaceRecognition } = features;
  await using videos = await store.resolve(Video, { samples: roots(Video) });
  if (videos.counts.new > 0) print(`Found ${videos.counts.new} new videos`);
  await videos.write(videos.new);
  await videos.write(videos.stale);

  await using chunking = await store.resolve(VideoChunk);
  print(
    `Found ${chunking.counts.new} new videos and ${chunking.counts.stale} stale videos that need chunking`,
  );
  for (const set of [chunking.new, chunking.stale]) {
    for await (const video of set) {
      // The document's system does not say why a video is new.
      const { metaxy_cause, ...printed } = { metaxy_cause: undefined, ...video };
      print(`Processing video: ${JSON.stringify(printed)}`);
      const chunks = cutIntoChunks(video);
      print(`Writing ${chunks.length} chunks for video ${video.video_id}`);
      await chunking.write(chunks);
    }
  }

  await using faces = await store.resolve(FaceRecognition);
  const { counts } = faces;
  print(
    `Found ${counts.new} new video chunks and ${counts.stale} stale video chunks that need face recognition`,
  );
  if (counts.new + counts.stale === 0) return;
  const results = [];
  for (const set of [faces.new, faces.stale]) {
    for await (const chunk of set) {
      results.push({ video_chunk_id: chunk.video_chunk_id, num_faces: derived(chunk.video_chunk_id, 11) });
    }
  }
  print(`Writing face recognition results for ${results.length} chunks`);
  await faces.write(results);
}

/** Three to five chunks, the same ones whenever a video is cut. */
function cutIntoChunks({ video_id, path }: { readonly video_id: string; readonly path: string }) {
  const count = 3 + derived(video_id, 3);
  return Array.from({ length: count }, (_, n) => ({
    video_id,
    video_chunk_id: `${video_id}_${n}`,
    path: `${path}_${n}`,
  }));
}

/** A number below `limit` that depends on the text alone, in place of what a model would find. */
function derived(text: string, limit: number): number {
  return createHash("md5").update(text).digest().readUInt8(3) % limit;
}
