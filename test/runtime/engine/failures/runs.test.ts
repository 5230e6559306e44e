import { describe, expect, it } from "vitest";
import { DuckEngine } from "../../../../runtime/duckdb/duckdb-engine.ts";
import { openParts } from "../../../../runtime/duckdb/open-store.ts";
import { describeError } from "../../../../runtime/engine/failures/record-failures.ts";
import { finishRun, lastFinishedRun, startRun } from "../../../../runtime/engine/failures/runs.ts";
import { FeatureStore } from "../../../../runtime/engine/feature-store.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";

const video = (codeVersion: string) =>
  loadFeature(
    [
      buildSpec("video", {
        columns: { video_id: text },
        ids: ["video_id"],
        fields: [{ key: "frames", codeVersion }],
      }),
    ],
    "video",
  );
const Video = video("1");

async function openInternals(path: string): Promise<FeatureStore> {
  const { opened, session, path: key, ...parts } = await openParts(path, {});
  return new FeatureStore({
    engine: new DuckEngine({ opened, session, path: key, algorithm: parts.algorithm }),
    ...parts,
  });
}

describe("runs", () => {
  it("keeps seconds per item of each feature version, and goes with the feature", async () => {
    const path = await freshPath();
    {
      await using store = await openInternals(path);
      const session = await store.connect(Video);
      expect(await lastFinishedRun(session, Video)).toBeUndefined();
      const first = await startRun(store, session, Video, { materializationId: "night" });
      await finishRun(store, session, first, { items: 3, failed: 1, rows: 30, seconds: 2 });
      const empty = await startRun(store, session, Video);
      await finishRun(store, session, empty, { items: 0, failed: 0, rows: 0, seconds: 0 });
      await startRun(store, session, Video);
      const last = await lastFinishedRun(session, Video);
      expect(last).toMatchObject({ id: first.id, items: 4, seconds: 2 });
      expect(last?.elapsed).toBeGreaterThan(0);
      expect(await lastFinishedRun(session, video("2"))).toBeUndefined();
    }
    const rows = await queryFile(
      path,
      "SELECT feature, items, failed, rows, seconds_per_item, materialization_id, finished_at IS NULL AS runs FROM stemma_runs ORDER BY started_at",
    );
    const none = {
      feature: "video",
      items: 0n,
      failed: 0n,
      rows: 0n,
      seconds_per_item: null,
      materialization_id: null,
    };
    expect(rows).toEqual([
      {
        ...none,
        items: 3n,
        failed: 1n,
        rows: 30n,
        seconds_per_item: 0.5,
        materialization_id: "night",
        runs: false,
      },
      { ...none, runs: false },
      { ...none, runs: true },
    ]);
    {
      await using store = await openInternals(path);
      await store.drop("video");
    }
    expect(await queryFile(path, "FROM stemma_runs")).toEqual([]);
  });
});

describe("describeError", () => {
  it.each([
    [new TypeError("x is not a function"), { type: "TypeError", message: "x is not a function" }],
    [new Error(""), { type: "Error", message: "" }],
    ["a text", { type: "Error", message: "a text" }],
    [undefined, { type: "Error", message: "undefined" }],
    [new Error(`half \ud83d`), { type: "Error", message: "half \ufffd" }],
  ])("describes %s", (thrown, described) => {
    expect(describeError(thrown)).toEqual(described);
  });

  it("cuts long messages between characters", () => {
    expect(describeError(new Error("😀".repeat(5000))).message).toBe("😀".repeat(2000));
  });
});
