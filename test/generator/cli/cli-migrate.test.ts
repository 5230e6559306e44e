import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliIo } from "../../../generator/cli/console.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import { buildSpec, integer, text } from "../../support/build-spec.ts";
import { loadFeature, loadProject } from "../../support/load-project.ts";
import { queryFile } from "../../support/query-file.ts";
import { type CliResult, runInTest } from "../../support/run-in-test.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";
import { untyped } from "../../support/untyped.ts";

const number = { type: "number" };
const specOf = (columns: Record<string, object>) =>
  buildSpec("video/raw", { columns: { id: text, ...columns }, ids: ["id"] });
const before = specOf({ size: integer, note: text });
const settings = { stores: { nightly: { database: "features.duckdb" } }, defaultStore: "nightly" };

/** A project whose store was written under `before`, and whose spec is `now` since. */
async function changedProject(now: object, rows: readonly object[]): Promise<string> {
  const root = temporaryFolder({
    "schemas/raw.feature.json": JSON.stringify(now),
    "stemma.config.json": JSON.stringify(settings),
  });
  await using store = await openStore(join(root, "features.duckdb"));
  const versions = { metaxy_provenance_by_field: { default: "1" } };
  await store.write(
    loadFeature([before], "video/raw"),
    untyped(rows.map((row) => ({ ...row, ...versions }))),
  );
  return root;
}

const run = (root: string, args: readonly string[], world: Partial<CliIo> = {}): Promise<CliResult> =>
  runInTest(root, ["migrate", ...args], world);
const columnsOf = async (root: string): Promise<Record<string, unknown>> => {
  const columns = await queryFile(join(root, "features.duckdb"), "DESCRIBE video__raw");
  const own = columns.filter((column) => !String(column["column_name"]).startsWith("metaxy_"));
  return Object.fromEntries(own.map((column) => [column["column_name"], column["column_type"]]));
};
const rows = [
  { id: "a", size: 1, note: "7" },
  { id: "b", size: 2, note: "x" },
];

describe("stemma migrate", () => {
  it("prints what it would do, and changes nothing", async () => {
    const root = await changedProject(specOf({ size: number, note: integer, path: text }), rows);
    const { exitCode, stdout } = await run(root, ["--dry-run"]);
    expect(stdout).toBe(
      [
        "video/raw",
        "  add the column path VARCHAR; stored rows are null there",
        "  change size from BIGINT to DOUBLE; stored values stay exact",
        "  blocked: note is VARCHAR, and the spec declares BIGINT; 1 row of video/raw has a value that does not fit",
        "Blocked columns stay as they are. --drop sets values that do not fit to null.",
        "",
      ].join("\n"),
    );
    expect(exitCode).toBe(1);
    expect(await columnsOf(root)).toEqual({ id: "VARCHAR", size: "BIGINT", note: "VARCHAR" });
  });

  it("does what can be done, and lets values go with --drop alone", async () => {
    const root = await changedProject(specOf({ size: number, note: integer }), rows);
    expect((await run(root, ["video/raw", "--yes"])).exitCode).toBe(1);
    expect(await columnsOf(root)).toEqual({ id: "VARCHAR", size: "DOUBLE", note: "VARCHAR" });
    const { exitCode, stdout } = await run(root, ["video/raw", "--yes", "--drop"]);
    expect(stdout).toContain("  set note to null in 1 row whose values do not fit\n");
    expect(exitCode).toBe(0);
    expect(await columnsOf(root)).toEqual({ id: "VARCHAR", size: "DOUBLE", note: "BIGINT" });
    expect(
      await queryFile(join(root, "features.duckdb"), "SELECT id, note FROM video__raw ORDER BY id"),
    ).toEqual([
      { id: "a", note: 7n },
      { id: "b", note: null },
    ]);
    expect((await run(root, ["--yes"])).stdout).toContain("Nothing to migrate");
  });

  it("carries a renamed column over, and drops the old one with --drop", async () => {
    const renamed = { ...text, renamedFrom: "note" };
    const root = await changedProject(specOf({ size: integer, remark: renamed }), rows);
    const { stdout } = await run(root, ["--yes", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual({
      store: "nightly",
      dryRun: false,
      migrations: [
        {
          feature: "video/raw",
          existed: true,
          steps: [{ kind: "copy-column", column: "remark", from: "note", type: "VARCHAR" }],
        },
      ],
    });
    await run(root, ["--yes", "--drop"]);
    expect(await columnsOf(root)).toEqual({ id: "VARCHAR", size: "BIGINT", remark: "VARCHAR" });
    const sql = "SELECT remark FROM video__raw ORDER BY id";
    expect(await queryFile(join(root, "features.duckdb"), sql)).toEqual([{ remark: "7" }, { remark: "x" }]);
  });

  it("asks first, refuses where nobody can be asked, and names a feature that is meant", async () => {
    const root = await changedProject(specOf({ size: number, note: text }), rows);
    const declined = await run(root, [], { ask: async () => "n" });
    expect([declined.exitCode, declined.stderr]).toEqual([
      1,
      expect.stringContaining("Nothing was migrated"),
    ]);
    expect((await run(root, [])).exitCode).toBe(2);
    const unknown = await run(root, ["raw", "--yes"]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("Did you mean video/raw?"),
    ]);
    expect(await columnsOf(root)).toMatchObject({ size: "BIGINT" });
    putFiles(root, { "schemas/raw.feature.json": "{" });
    expect((await run(root, ["--yes"])).exitCode).toBe(1);
  });
});

describe("stemma migrate after a rename of a feature", () => {
  it("carries rows over, upstream first, so that nothing runs again", async () => {
    const child = (dep: string) => buildSpec("face", { columns: { id: text }, ids: ["id"], deps: [dep] });
    const root = buildSpec("clip", { columns: { id: text }, ids: ["id"] });
    const renamed = buildSpec("video/clip", { columns: { id: text }, ids: ["id"] }) as { feature: object };
    const now = { ...renamed, feature: { ...renamed.feature, renamedFrom: "clip" } };
    const folder = temporaryFolder({
      "schemas/face.feature.json": JSON.stringify(child("video/clip")),
      "schemas/video/clip.feature.json": JSON.stringify(now),
      "stemma.config.json": JSON.stringify(settings),
    });
    const old = loadProject([root, child("clip")], { hashLength: 64 });
    const path = join(folder, "features.duckdb");
    {
      await using store = await openStore(path);
      const versions = { metaxy_provenance_by_field: { default: "1" } };
      await store.write(untyped(old["clip"]), untyped(["a", "b"].map((id) => ({ id, ...versions }))));
      await store.process(
        untyped(old["face"]),
        untyped(({ id }: { id: string }) => ({ id })),
      );
    }
    const planned = await run(folder, ["--dry-run"]);
    expect(planned.stdout).toBe(
      [
        "video/clip",
        "  copy 2 samples from its former table clip",
        "face",
        "  copy rows from its former table face once video/clip is migrated or run",
        "",
      ].join("\n"),
    );
    const done = await run(folder, ["--yes"]);
    expect([done.exitCode, done.stdout]).toEqual([
      0,
      expect.stringContaining("copied 2 samples from its former table face"),
    ]);
    expect((await run(folder, ["--yes"])).stdout).toContain("Nothing to migrate");
    const features = loadProject([now, child("video/clip")], { hashLength: 64 });
    await using store = await openStore(path);
    expect((await store.resolve(untyped(features["face"]))).counts).toEqual({
      new: 0,
      stale: 0,
      orphaned: 0,
    });
  });
});
