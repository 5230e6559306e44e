import { type AggregationFeatures, runAggregation } from "./aggregation.ts";
import { type BasicFeatures, runBasic } from "./basic.ts";
import { type ExpansionFeatures, runExpansion } from "./expansion.ts";
import type { PipelineRun } from "./pipeline.ts";

/** A pipeline as its document tells it: what happens step by step. */
export interface PipelineDocument {
  /** Also the folder of its specs. */
  readonly name: string;
  readonly hashLength: number;
  readonly run: (run: PipelineRun<BasicFeatures & AggregationFeatures & ExpansionFeatures>) => Promise<void>;
  readonly steps: readonly PipelineStep[];
}

/** What is there before a run. */
export interface PipelineStep {
  readonly title: string;
  /** A change of a spec, on top of those of earlier steps. */
  readonly edit?: { readonly spec: string; readonly from: string; readonly to: string };
  /** Samples by root feature. */
  readonly roots: Readonly<Record<string, readonly object[]>>;
}

const parents = [1, 2, 3].map((n) => ({
  sample_uid: n,
  raw_data: `sample_${n}_data`,
  metaxy_provenance_by_field: { embeddings: `v${n}` },
}));

const recording = (id: string, speaker: string, seconds: number, file: string, version: string) => ({
  audio_id: id,
  speaker_id: speaker,
  duration_seconds: seconds,
  path: `audio/${speaker}_${file}.wav`,
  metaxy_provenance_by_field: { default: `${id}_${version}` },
});
const recordings = (first: string) => [
  recording("a1", "s1", 30.5, "recording1", first),
  recording("a2", "s1", 45.2, "recording2", "v1"),
  recording("a3", "s2", 60.0, "recording1", "v1"),
  recording("a4", "s2", 35.8, "recording2", "v1"),
];
const added = recording("a5", "s1", 25.0, "recording3", "v1");

const videos = [1, 2, 3].map((n) => ({
  video_id: `${n}`,
  path: `video${n}.mp4`,
  metaxy_provenance_by_field: { audio: `v${n}`, frames: `v${n}` },
}));

/** The three documented pipelines. */
export const documents: readonly PipelineDocument[] = [
  {
    name: "basic",
    hashLength: 64,
    run: runBasic,
    steps: [
      { title: "initial run", roots: { "examples/parent": parents } },
      { title: "rerun", roots: { "examples/parent": parents } },
      {
        title: "the parent's algorithm changes",
        edit: { spec: "parent", from: '"codeVersion": "1"', to: '"codeVersion": "2"' },
        roots: { "examples/parent": parents },
      },
    ],
  },
  {
    name: "aggregation",
    hashLength: 64,
    run: runAggregation,
    steps: [
      { title: "initial run", roots: { audio: recordings("v1") } },
      { title: "rerun", roots: { audio: recordings("v1") } },
      { title: "one recording changes", roots: { audio: recordings("v2") } },
      { title: "a recording is added", roots: { audio: [...recordings("v2"), added] } },
      { title: "final rerun", roots: { audio: [...recordings("v2"), added] } },
    ],
  },
  {
    name: "expansion",
    hashLength: 8,
    run: runExpansion,
    steps: [
      { title: "initial run", roots: { "video/raw": videos } },
      { title: "rerun", roots: { "video/raw": videos } },
      {
        title: "the code version of audio changes",
        edit: { spec: "video-raw", from: '"codeVersion": "1"', to: '"codeVersion": "2"' },
        roots: { "video/raw": videos },
      },
      { title: "final rerun", roots: { "video/raw": videos } },
    ],
  },
];
