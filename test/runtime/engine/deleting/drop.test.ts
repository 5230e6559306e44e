import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { untyped } from "../../../support/untyped.ts";

const {
  video: Video,
  "video/long-cut": Cut,
  "video/copy": Copy,
} = loadProject(
  [
    buildSpec("video", { columns: { video_id: text }, ids: ["video_id"] }),
    buildSpec("video/copy", { columns: { video_id: text }, ids: ["video_id"], deps: ["video"] }),
    buildSpec("video/long-cut", {
      columns: { video_id: text, cut: text },
      ids: ["cut"],
      deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
    }),
  ],
  { hashLength: 64 },
) as Record<"video" | "video/long-cut" | "video/copy", AnyFeature>;

async function computed(path: string): Promise<Store> {
  const store = await openStore(path);
  const rows = ["a", "b", "c"].map((video_id) => ({
    video_id,
    metaxy_provenance_by_field: { default: "1" },
  }));
  await store.write(Video, untyped(rows));
  await store.process(
    Copy,
    untyped(async (row: object) => row),
  );
  await store.process(
    Cut,
    untyped(async ({ video_id }: { video_id: string }) =>
      video_id === "c" ? [] : [{ video_id, cut: `${video_id}1` }],
    ),
  );
  return store;
}

async function tablesOf(path: string): Promise<unknown[]> {
  const rows = await queryFile(path, "SELECT table_name FROM duckdb_tables() ORDER BY ALL");
  return rows.map((row) => row["table_name"]);
}

describe("store.drop", () => {
  it("drops a feature's table and all that is kept for it, and nothing else", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      const tables = [
        "video__long_cut",
        "stemma_empty_parent__video__long_cut",
        "stemma_pending__video__long_cut",
      ];
      expect(await store.drop(Cut, { dryRun: true })).toEqual({ existed: true, rows: 2, tables });
      expect(await store.drop(Cut)).toEqual({ existed: true, rows: 2, tables });
      expect(await store.drop(Cut)).toEqual({ existed: false, rows: 0, tables: [] });
      await using increment = await store.resolve(Cut);
      expect(increment.counts).toEqual({ new: 3, stale: 0, orphaned: 0 });
    }
    expect(await tablesOf(path)).toEqual([
      "stemma_checkpoint",
      "stemma_id_columns",
      "stemma_meta",
      "stemma_pending__video__copy",
      "stemma_runs",
      "video",
      "video__copy",
    ]);
    expect(await queryFile(path, "SELECT DISTINCT feature FROM stemma_runs")).toEqual([
      { feature: "video/copy" },
    ]);
    expect(await queryFile(path, "SELECT feature FROM stemma_checkpoint")).toEqual([
      { feature: "video/copy" },
    ]);
    const others = [{ table: "video" }, { table: "video__copy" }];
    const ofIds = "SELECT DISTINCT table_name AS table FROM stemma_id_columns ORDER BY ALL";
    const ofCreated = "SELECT value AS table FROM stemma_meta WHERE name = 'created' ORDER BY ALL";
    expect(await queryFile(path, ofIds)).toEqual(others);
    expect(await queryFile(path, ofCreated)).toEqual(others);
  });

  it("takes the key of a feature whose spec is gone", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      expect(await store.drop("video/long-cut")).toMatchObject({ existed: true, rows: 2 });
      expect(await store.drop("video/nothing")).toEqual({ existed: false, rows: 0, tables: [] });
    }
    expect(await tablesOf(path)).not.toContain("video__long_cut");
  });

  it("makes features downstream look again once the table is back", async () => {
    const path = await freshPath();
    await using store = await computed(path);
    await store.drop(Video);
    await expect(store.resolve(Copy)).rejects.toMatchObject({ code: "upstream-missing" });
    const rows = ["b", "d"].map((video_id) => ({ video_id, metaxy_provenance_by_field: { default: "1" } }));
    await store.write(Video, untyped(rows));
    await using increment = await store.resolve(Copy);
    await using full = await store.resolve(Copy, { fullRefresh: true });
    expect(increment.counts).toEqual({ new: 1, stale: 0, orphaned: 2 });
    expect(full.counts).toEqual(increment.counts);
  });

  it("forgets what features downstream remember of the table", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      expect(await store.drop(Video)).toMatchObject({ existed: true, tables: ["video"] });
    }
    expect(await queryFile(path, "FROM stemma_checkpoint")).toEqual([]);
    expect(await queryFile(path, "FROM stemma_pending__video__copy")).toEqual([]);
  });

  it("clears away what is kept for a table that another program dropped", async () => {
    const path = await freshPath();
    await (await computed(path)).close();
    await queryFile(path, "DROP TABLE video__long_cut");
    {
      await using store = await openStore(path);
      expect(await store.drop(Cut)).toEqual({
        existed: false,
        rows: 0,
        tables: ["stemma_empty_parent__video__long_cut", "stemma_pending__video__long_cut"],
      });
    }
    expect(await queryFile(path, "SELECT feature FROM stemma_checkpoint")).toEqual([
      { feature: "video/copy" },
    ]);
  });

  it.each([
    [
      "a table of another program",
      "CREATE TABLE notes (id INTEGER)",
      "notes",
      "table-shape",
      /not the table of a feature/,
    ],
    ["a table of Stemma's own", "", "stemma_meta", "table-shape", /not the table of a feature/],
    ["a view", "CREATE VIEW seen AS FROM video", "seen", "table-shape", /is a view/],
    ["what is no key", "", 'video"; DROP TABLE video', "unknown-feature", /is not the key of a feature/],
    ["an object that is no feature", "", {}, "contract-mismatch", /not a feature/],
  ])("refuses %s", async (_, sql, feature, code, message) => {
    const path = await freshPath();
    await (await computed(path)).close();
    if (sql !== "") await queryFile(path, sql);
    const before = await tablesOf(path);
    {
      await using store = await openStore(path);
      await expect(store.drop(untyped(feature))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    }
    expect(await tablesOf(path)).toEqual(before);
  });

  it("writes nothing read-only, and nothing when it is stopped", async () => {
    const path = await freshPath();
    await (await computed(path)).close();
    {
      await using store = await openStore(path, { readOnly: true });
      expect(await store.drop(Video, { dryRun: true })).toEqual({
        existed: true,
        rows: 3,
        tables: ["video"],
      });
      await expect(store.drop(Video)).rejects.toMatchObject({ code: "read-only" });
    }
    await using store = await openStore(path);
    await expect(store.drop(Video, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(await store.read(Video).toArray()).toHaveLength(3);
  });
});
