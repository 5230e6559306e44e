import { isStemmaError, type RowOf, type WriteOf } from "stemma";
import { openStore } from "stemma/duckdb";
import { type CompileResult, compileProject } from "stemma/generator";
import { Faces, Video } from "./generated/index.js";

await using store = await openStore(":memory:");

await using videos = await store.resolve(Video, {
  samples: ["a", "b"].map((video_id) => ({
    video_id,
    seconds: 2,
    metaxy_provenance_by_field: { audio: "1", frames: "1" },
  })),
});
await videos.write(videos.new);

await using faces = await store.resolve(Faces);
const found: WriteOf<typeof Faces>[] = [];
for await (const { video_id, seconds } of faces.new) found.push({ video_id, count: seconds });
await faces.write(found);

const stored: readonly RowOf<typeof Faces>[] = await store.read(Faces).toArray();
console.log(stored.map(({ video_id, count, model }) => [video_id, count, model]));

try {
  await store.write(Video, [{ video_id: "c" } as never]);
} catch (error) {
  console.log(isStemmaError(error));
}

const compiled: CompileResult = await compileProject(
  {},
  { project: "stranger", hashLength: 64, schemas: "schemas", generated: "generated", importExtension: ".js" },
);
console.log(compiled.diagnostics);
