import type { AnyFeature } from "../../runtime/index.ts";
import { buildSpec, integer, text } from "./build-spec.ts";
import { loadProject } from "./load-project.ts";

/** Keys of {@link recordingFeatures}. */
export type RecordingKey = "recording" | "clean" | "chunk" | "voice" | "chunk/words" | "unrelated";

const specs = (version = "1") => [
  buildSpec("recording", {
    columns: { recording_id: text, speaker: text },
    ids: ["recording_id"],
    fields: [{ key: "audio", codeVersion: version }],
  }),
  buildSpec("clean", {
    columns: { uid: text },
    ids: ["uid"],
    deps: [{ feature: "recording", select: [], rename: { recording_id: "uid" } }],
  }),
  buildSpec("chunk", {
    columns: { recording_id: text, chunk: integer },
    ids: ["recording_id", "chunk"],
    deps: [{ feature: "recording", select: [], lineage: { type: "expansion", on: ["recording_id"] } }],
  }),
  buildSpec("voice", {
    columns: { speaker: text, count: integer },
    ids: ["speaker"],
    deps: [{ feature: "recording", lineage: { type: "aggregation", on: ["speaker"] } }],
  }),
  buildSpec("chunk/words", {
    columns: { recording_id: text, chunk: integer },
    ids: ["recording_id", "chunk"],
    deps: ["chunk"],
  }),
  buildSpec("unrelated", { columns: { id: text }, ids: ["id"] }),
];

/** A root and a feature of each kind of lineage below it; all of their versions move with `version`. */
export function recordingFeatures(version?: string): Record<RecordingKey, AnyFeature> {
  return loadProject(specs(version), { hashLength: 64 }) as Record<RecordingKey, AnyFeature>;
}
