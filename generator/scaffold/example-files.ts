import type { InitOptions } from "./init-options.ts";
import type { InitialFile } from "./initial-file.ts";

/** A root, two features that are made from one field each, and a program that keeps all of them up to date. */
export function exampleFiles(options: InitOptions): InitialFile[] {
  const { schemas, installed } = options;
  const up = "../".repeat(schemas.split("/").length);
  const specs = Object.entries(exampleSpecs(`${up}${installed}/schemas/feature.schema.json`));
  return [
    ...specs.map(([name, text]) => ({ path: `${schemas}/${name}.feature.json`, text })),
    { path: pipelinePath(options), text: examplePipeline(options) },
  ];
}

/** The program of the example. It awaits at its top, which ES modules alone can. */
export function pipelinePath({ isModule }: InitOptions): string {
  return isModule ? "pipeline.ts" : "pipeline.mts";
}

/** The specs of the example by the names of their files, with the place of the schema that editors read. */
function exampleSpecs(schema: string): Readonly<Record<string, string>> {
  return {
    video: `{
  "$schema": "${schema}",
  "title": "Video",
  "type": "object",
  "properties": {
    "video_id": { "type": "string" },
    "path": { "type": "string", "description": "Where the video is stored." }
  },
  "required": ["video_id", "path"],
  "feature": {
    "key": "video",
    "idColumns": ["video_id"],
    "fields": [
      { "key": "audio", "codeVersion": "1" },
      { "key": "frames", "codeVersion": "1" }
    ]
  }
}
`,
    transcript: `{
  "$schema": "${schema}",
  "title": "Transcript",
  "type": "object",
  "properties": {
    "video_id": { "type": "string" },
    "text": { "type": "string" }
  },
  "required": ["video_id", "text"],
  "feature": {
    "key": "transcript",
    "idColumns": ["video_id"],
    "deps": ["video"],
    "fields": [{ "key": "words", "deps": [{ "feature": "video", "fields": ["audio"] }] }]
  }
}
`,
    faces: `{
  "$schema": "${schema}",
  "title": "Faces",
  "type": "object",
  "properties": {
    "video_id": { "type": "string" },
    "count": { "type": "integer", "minimum": 0 }
  },
  "required": ["video_id", "count"],
  "feature": {
    "key": "faces",
    "idColumns": ["video_id"],
    "deps": ["video"],
    "fields": [{ "key": "boxes", "deps": [{ "feature": "video", "fields": ["frames"] }] }]
  }
}
`,
  };
}

function examplePipeline({ generated, importExtension }: InitOptions): string {
  return `import { openStore } from "stemma/duckdb";
import { Faces } from "./${generated}/faces${importExtension}";
import { Transcript } from "./${generated}/transcript${importExtension}";
import { Video } from "./${generated}/video${importExtension}";

await using store = await openStore("features.duckdb");

// A root is given its samples; a checksum of each track makes a fine provenance.
const samples = ["a", "b", "c"].map((id) => ({
  video_id: id,
  path: \`\${id}.mp4\`,
  metaxy_provenance_by_field: { audio: \`audio of \${id}\`, frames: \`frames of \${id}\` },
}));
await using videos = await store.resolve(Video, { samples });
await videos.write(videos.new);
await videos.write(videos.stale);

await using transcripts = await store.resolve(Transcript);
console.log("transcripts", transcripts.counts);
const texts = [];
for await (const video of transcripts.new) texts.push({ video_id: video.video_id, text: \`heard in \${video.path}\` });
await transcripts.write(texts);

await using faces = await store.resolve(Faces);
console.log("faces", faces.counts);
const counts = [];
for await (const video of faces.new) counts.push({ video_id: video.video_id, count: 2 });
await faces.write(counts);
`;
}
