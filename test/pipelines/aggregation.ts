import type { Audio, SpeakerEmbedding } from "../../generated/index.ts";
import type { PipelineRun } from "./pipeline.ts";

/** The features of this pipeline, as the generated modules export them. */
export interface AggregationFeatures {
  readonly Audio: typeof Audio;
  readonly SpeakerEmbedding: typeof SpeakerEmbedding;
}

/** Recordings, and one embedding per speaker made of all their recordings. */
export async function runAggregation({
  features,
  store,
  roots,
  print,
}: PipelineRun<AggregationFeatures>): Promise<void> {
  const { Audio, SpeakerEmbedding } = features;
  await using audio = await store.resolve(Audio, { samples: roots(Audio) });
  if (audio.counts.new > 0) print(`Found ${audio.counts.new} new audio recordings`);
  if (audio.counts.stale > 0) print(`Found ${audio.counts.stale} changed audio recordings`);
  if (audio.counts.new + audio.counts.stale === 0) print("No new or changed audio recordings");
  await audio.write(audio.new);
  await audio.write(audio.stale);

  await using increment = await store.resolve(SpeakerEmbedding);
  const speakers = increment.counts.new + increment.counts.stale;
  print(`Found ${speakers} speakers that need embedding computation`);
  if (speakers === 0) return;
  const embeddings = [];
  for (const set of [increment.new, increment.stale]) {
    for await (const { id, rows } of set.groups()) {
      print(`  Computing embedding for speaker ${id.speaker_id} from ${rows.length} audio recordings`);
      embeddings.push({ speaker_id: id.speaker_id, n_dim: 512, path: `embeddings/${id.speaker_id}.npy` });
    }
  }
  print(`Writing embeddings for ${embeddings.length} speakers`);
  await increment.write(embeddings);
}
