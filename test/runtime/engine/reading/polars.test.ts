import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, RowSet, Store } from "../../../../runtime/index.ts";
import { anyRows, columns, type Row } from "../../../support/arbitrary-rows.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { untyped } from "../../../support/untyped.ts";

const python = process.env["POLARS_PYTHON"] ?? "python3";
const hasPolars = spawnSync(python, ["-c", "import polars"]).status === 0;

/** Runs a worker in Python: `rows` is the frame of the file, what it leaves in `out` is the answer. */
function work(folder: string, program: string): string {
  const answers = join(folder, "answers.parquet");
  const script = `import polars as pl\nrows = pl.read_parquet("new.parquet")\n${program}\nout.write_parquet("answers.parquet")`;
  const { status, stderr } = spawnSync(python, ["-c", script], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return answers;
}

const number = { type: "number" };
const {
  video: Video,
  chunk: Chunk,
  label: Label,
  speaker: Speaker,
  kinds: Kinds,
} = loadProject(
  [
    buildSpec("video", { columns: { video: text, speaker: text, path: maybeText }, ids: ["video"] }),
    buildSpec("label", {
      columns: { video: text, label: text, scores: { type: "array", items: number } },
      ids: ["video"],
      deps: ["video"],
    }),
    buildSpec("chunk", {
      columns: { video: text, chunk: text, from: { type: "integer" } },
      ids: ["video", "chunk"],
      deps: [{ feature: "video", lineage: { type: "expansion", on: ["video"] } }],
    }),
    buildSpec("speaker", {
      columns: { speaker: text, videos: { type: "integer" } },
      ids: ["speaker"],
      deps: [{ feature: "video", lineage: { type: "aggregation", on: ["speaker"] } }],
    }),
    buildSpec("kinds", { columns, ids: ["id"], fields: ["x", "y/z"] }),
  ],
  { hashLength: 64 },
);

/** Resolves a feature, lets Polars answer its new rows, writes the answers, and resolves again. */
async function answered(store: Store, feature: AnyFeature, program: string): Promise<Row[]> {
  const folder = temporaryFolder();
  await using increment = await store.resolve(feature);
  await (increment.new as unknown as RowSet<Row>).export(join(folder, "new.parquet"));
  await increment.write(untyped({ parquet: work(folder, program) }));
  await using again = await store.resolve(feature);
  expect(again.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
  return (await store.read(feature).toArray()) as unknown as Row[];
}

describe.skipIf(!hasPolars)(
  "a worker with Polars (skipped where Python lacks it; POLARS_PYTHON names one)",
  () => {
    const videos = ["a", "b", "c"].map((video, index) => ({
      video,
      speaker: index < 2 ? "x" : "y",
      path: `${video}.mp4`,
      metaxy_provenance_by_field: { default: video },
    }));

    it("answers samples", async () => {
      await using store = await openStore(":memory:");
      await store.write(untyped(Video), untyped(videos));
      const program = `out = rows.with_columns(label=pl.col("path").str.to_uppercase(), scores=pl.concat_list(pl.lit(0.5), pl.lit(2.0)))`;
      expect(await answered(store, untyped(Label), program)).toMatchObject([
        { video: "a", label: "A.MP4", scores: [0.5, 2] },
        { video: "b", label: "B.MP4", scores: [0.5, 2] },
        { video: "c", label: "C.MP4", scores: [0.5, 2] },
      ]);
    });

    it("answers parents of an expansion with their children", async () => {
      await using store = await openStore(":memory:");
      await store.write(untyped(Video), untyped(videos));
      const program = `out = rows.join(pl.DataFrame({"n": [0, 1]}), how="cross").with_columns(
      chunk=pl.col("video") + "-" + pl.col("n").cast(pl.String), **{"from": (pl.col("n") * 10).cast(pl.Int32)}).drop("n")`;
      const rows = await answered(store, untyped(Chunk), program);
      expect(rows.map((row) => [row["chunk"], row["from"]])).toEqual([
        ["a-0", 0],
        ["a-1", 10],
        ["b-0", 0],
        ["b-1", 10],
        ["c-0", 0],
        ["c-1", 10],
      ]);
    });

    it("answers groups of an aggregation with a row each", async () => {
      await using store = await openStore(":memory:");
      await store.write(untyped(Video), untyped(videos));
      const program = `out = rows.group_by("speaker").agg(videos=pl.len(), metaxy_provenance=pl.col("metaxy_provenance").first())`;
      expect(await answered(store, untyped(Speaker), program)).toMatchObject([
        { speaker: "x", videos: 2 },
        { speaker: "y", videos: 1 },
      ]);
    });

    it("gives every value back, UUID and JSON by the casts that the message names", {
      timeout: 60_000,
    }, async () => {
      const folder = temporaryFolder();
      const rows = fc
        .sample(anyRows, { numRuns: 5, seed: 42 })
        .reduce((a, b) => (a.length < b.length ? b : a));
      await using store = await openStore(":memory:");
      await store.write(untyped(Kinds), untyped(rows));
      const stored = store.read(untyped(Kinds)) as unknown as RowSet<Row>;
      await stored.export(join(folder, "new.parquet"));
      const parquet = work(folder, "out = rows");

      await using other = await openStore(":memory:");
      const error = await other.write(untyped(Kinds), untyped({ parquet })).then(String, String);
      expect(error).toContain("is BLOB");
      const [, sql] = /\{ sql: `(.*)` \}/.exec(error) ?? [];
      await other.write(untyped(Kinds), untyped({ sql }));
      const values = (all: readonly Row[]) =>
        all.map((row) => Object.fromEntries(Object.keys(columns).map((name) => [name, row[name]])));
      const back = (await other.read(untyped(Kinds)).toArray()) as unknown as Row[];
      expect(values(back)).toEqual(values(await stored.toArray()));
    });
  },
);
