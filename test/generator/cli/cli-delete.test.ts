import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { CliIo } from "../../../generator/cli/console.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature } from "../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../support/build-spec.ts";
import { loadProject } from "../../support/load-project.ts";
import { queryFile } from "../../support/query-file.ts";
import { type CliResult, runInTest } from "../../support/run-in-test.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";
import { untyped } from "../../support/untyped.ts";

const chunk = {
  columns: { video_id: text, chunk: integer, quality: { type: "number" } },
  ids: ["video_id", "chunk"],
  deps: [{ feature: "video/raw", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
};
const specsOf = (codeVersion = "1") => ({
  "schemas/raw.feature.json": buildSpec("video/raw", {
    columns: { video_id: text, large: { type: "integer", format: "int64" } },
    ids: ["video_id"],
    fields: [{ key: "frames", codeVersion }],
  }),
  "schemas/chunk.feature.json": buildSpec("video/chunk", chunk),
});
const texts = (specs: Record<string, object>) =>
  Object.fromEntries(Object.entries(specs).map(([path, spec]) => [path, JSON.stringify(spec, undefined, 2)]));
const settings = { stores: { nightly: { database: "features.duckdb" } }, defaultStore: "nightly" };
const files = {
  ...texts(specsOf()),
  "stemma.config.json": JSON.stringify(settings),
  "notes.txt": "notes ".repeat(4000),
};

/** A project with a store: videos a to h, seven of which have two chunks each; h has none. */
async function computedProject(): Promise<string> {
  const root = temporaryFolder(files);
  const features = loadProject(Object.values(specsOf()), { hashLength: 64 });
  const { "video/raw": Raw, "video/chunk": Chunk } = features as Record<string, AnyFeature>;
  if (Raw === undefined || Chunk === undefined) throw new Error("No features");
  await using store = await openStore(join(root, "features.duckdb"));
  const rows = [..."abcdefgh"].map((video_id) => ({
    video_id,
    large: 1n,
    metaxy_provenance_by_field: { frames: "1" },
  }));
  await store.write(Raw, untyped(rows));
  await store.process(
    Chunk,
    untyped(async ({ video_id }: { video_id: string }) =>
      video_id === "h" ? [] : [0, 1].map((n) => ({ video_id, chunk: n, quality: n / 2 })),
    ),
  );
  return root;
}

function run(root: string, args: readonly string[], world: Partial<CliIo> = {}): Promise<CliResult> {
  return runInTest(root, args, world);
}

async function stored(root: string, table = "video__chunk"): Promise<number> {
  const rows = await queryFile(join(root, "features.duckdb"), `FROM ${table}`);
  return rows.length;
}

const yes = ["--yes"];

describe("stemma delete", () => {
  it("marks samples as deleted, and says which", async () => {
    const root = await computedProject();
    const { exitCode, stdout, stderr } = await run(root, [
      "delete",
      "video/chunk",
      "--where",
      "quality > 0.25",
      ...yes,
    ]);
    expect(stdout).toBe(
      [
        "7 samples of video/chunk in nightly were marked as deleted; writing a sample again restores it.",
        "  video_id  chunk",
        ...[..."abcde"].map((id) => `  ${id}         1`),
        "  and 2 more",
        "",
      ].join("\n"),
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(await stored(root)).toBe(21);
  });

  it("removes rows for good with --hard, and prints JSON", async () => {
    const root = await computedProject();
    const args = [
      "delete",
      "video/chunk",
      "--id",
      "video_id=a",
      "chunk=0",
      "video_id=b",
      "chunk=1",
      "--hard",
      ...yes,
    ];
    const { exitCode, stdout } = await run(root, [...args, "--format", "json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      feature: "video/chunk",
      store: "nightly",
      hard: true,
      dryRun: false,
      samples: 2,
      rows: 2,
      rowsWithoutId: 0,
      emptyParents: 0,
      examples: [
        { video_id: "a", chunk: "0" },
        { video_id: "b", chunk: "1" },
      ],
    });
    expect(await stored(root)).toBe(12);
  });

  it("changes nothing in a dry run, with --yes as well", async () => {
    const root = await computedProject();
    const args = [
      "delete",
      "video/chunk",
      "--where",
      "video_id IN ('a', 'h')",
      "--where",
      "TRUE",
      "--dry-run",
    ];
    const { exitCode, stdout } = await run(root, [...args, ...yes]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        "2 samples of video/chunk in nightly would be marked as deleted; writing a sample again restores it.",
        "  video_id  chunk",
        "  a         0",
        "  a         1",
        "The marker of 1 parent of video/chunk in nightly as processed and empty would be removed.",
        "",
      ].join("\n"),
    );
    expect(await stored(root)).toBe(14);
    expect(existsSync(join(root, "features.duckdb.wal"))).toBe(false);
  });

  it("asks on a terminal, and does what it is told", async () => {
    const root = await computedProject();
    const args = ["delete", "video/chunk", "--where", "video_id = 'a'"];
    for (const answer of ["n", "", undefined, "yess"]) {
      const questions: string[] = [];
      const ask = async (question: string) => {
        questions.push(question);
        return answer;
      };
      const { exitCode, stdout, stderr } = await run(root, args, { ask });
      expect([exitCode, stdout, questions]).toEqual([1, "", ["Delete them? [y/N] "]]);
      expect(stderr).toMatch(/^2 samples .* would be marked as deleted[\s\S]*\nNothing was deleted\.\n$/);
    }
    expect(await stored(root)).toBe(14);
    const { exitCode, stdout } = await run(root, args, { ask: async () => " Yes " });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^2 samples .* were marked/)]);
    expect(await stored(root)).toBe(16);
    const again = await run(root, args, { ask: () => Promise.reject(new Error("asked for nothing")) });
    expect([again.exitCode, again.stdout]).toEqual([
      0,
      "Nothing to delete: no stored sample of video/chunk in nightly matches.\n",
    ]);
  });

  it("deletes orphans, unless an upstream feature has to run first", async () => {
    const root = await computedProject();
    await run(root, ["delete", "video/raw", "--id", "video_id=a", "video_id=h", ...yes]);
    const { exitCode, stdout } = await run(root, ["delete", "video/chunk", "--orphaned", ...yes]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("2 samples of video/chunk in nightly were marked");
    expect(stdout).toContain(
      "The marker of 1 parent of video/chunk in nightly as processed and empty was removed.",
    );

    putFiles(root, texts({ "schemas/raw.feature.json": { ...specsOf("2")["schemas/raw.feature.json"] } }));
    await (async () => {
      // Chunks of the new version, which no video expects before these have run again.
      const { "video/chunk": Chunk } = loadProject(Object.values(specsOf("2")), { hashLength: 64 });
      if (Chunk === undefined) throw new Error("No feature");
      await using store = await openStore(join(root, "features.duckdb"));
      await store.write(
        Chunk,
        untyped([{ video_id: "b", chunk: 7, quality: 1, metaxy_provenance_by_field: { default: "p" } }]),
      );
    })();
    const waiting = await run(root, ["delete", "video/chunk", "--orphaned", ...yes]);
    expect([waiting.exitCode, waiting.stdout]).toEqual([1, ""]);
    expect(waiting.stderr).toMatch(
      /^error: Orphaned rows of video\/chunk may only be waiting: 6 samples of video\/raw are stored under older versions only\..*stemma delete video\/chunk --orphaned --force/,
    );
    const forced = await run(root, ["delete", "video/chunk", "--orphaned", "--force", ...yes]);
    expect([forced.exitCode, forced.stdout.split("\n")[0]]).toEqual([
      0,
      "1 sample of video/chunk in nightly was marked as deleted; writing a sample again restores it.",
    ]);
  });

  it("removes rows without an id", async () => {
    const root = await computedProject();
    await queryFile(
      join(root, "features.duckdb"),
      "INSERT INTO video__chunk SELECT * REPLACE (NULL AS chunk) FROM video__chunk WHERE video_id = 'a'",
    );
    const orphans = await run(root, ["delete", "video/chunk", "--orphaned", "--dry-run"]);
    expect(orphans.stderr).toMatch(
      /^warning: 2 rows have no video_id or no chunk in the table video__chunk /,
    );
    const { stdout } = await run(root, ["delete", "video/chunk", "--where", "chunk IS NULL", ...yes]);
    expect(stdout).toBe("2 rows of video/chunk in nightly without an id were removed permanently.\n");
    expect(await stored(root)).toBe(14);
  });

  it("takes ids as texts of their columns' types", async () => {
    const root = await computedProject();
    const ids = (...pairs: string[]) => run(root, ["delete", "video/chunk", "--id", ...pairs, "--dry-run"]);
    expect((await ids("video_id=a", "chunk=0")).stdout).toMatch(/^1 sample /);
    expect((await ids("video_id=a=b", "chunk=0")).stdout).toMatch(/^Nothing/);
    const wrong = [
      [["video_id=a"], "An id lacks chunk."],
      [["video_id=a", "chunk=0", "chunk=1"], "An id lacks video_id."],
      [["vidoe_id=a"], '--id expects column=value, not "vidoe_id=a".'],
      [["video_id=a", "chunk=one"], 'chunk is BIGINT, and "one" is not.'],
      [["video_id=a", "chunk=9007199254740993"], "2^53"],
    ] as const;
    for (const [pairs, message] of wrong) {
      const { exitCode, stdout, stderr } = await ids(...pairs);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(message);
    }
  });
});

describe("stemma drop", () => {
  it("drops the table of a feature and what is kept for it", async () => {
    const root = await computedProject();
    const tables = "video__chunk, stemma_empty_parent__video__chunk, stemma_pending__video__chunk";
    expect(await run(root, ["drop", "video/chunk", "--dry-run"])).toEqual({
      exitCode: 0,
      stdout: `Would drop video/chunk from nightly with 14 rows: the tables ${tables}.\n`,
      stderr: "",
    });
    const declined = await run(root, ["drop", "video/chunk"], { ask: async () => "n" });
    expect([declined.exitCode, declined.stderr.split("\n").at(-2)]).toEqual([1, "Nothing was dropped."]);
    expect(await stored(root)).toBe(14);
    expect((await run(root, ["drop", "video/chunk", ...yes])).stdout).toBe(
      `Dropped video/chunk from nightly with 14 rows: the tables ${tables}.\n`,
    );
    expect(await run(root, ["drop", "video/chunk", ...yes])).toEqual({
      exitCode: 0,
      stdout: "Nothing to drop: video/chunk was never written to nightly.\n",
      stderr: "",
    });
    await expect(stored(root)).rejects.toThrow("does not exist");
  });

  it("drops a feature whose spec is gone", async () => {
    const root = await computedProject();
    putFiles(root, { "schemas/chunk.feature.json": JSON.stringify(buildSpec("video/part", chunk)) });
    const { exitCode, stdout } = await run(root, ["drop", "video/chunk", "--format", "json", ...yes]);
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      {
        feature: "video/chunk",
        store: "nightly",
        dryRun: false,
        existed: true,
        rows: 14,
        tables: ["video__chunk", "stemma_empty_parent__video__chunk", "stemma_pending__video__chunk"],
      },
    ]);
    const gone = await run(root, ["drop", "video/chunk", ...yes]);
    expect([gone.exitCode, gone.stdout]).toEqual([2, ""]);
    expect(gone.stderr).toContain('"video/chunk" is not a feature of this project.');
  });

  it("takes no table away from a feature by the key of a removed one", async () => {
    const root = await computedProject();
    putFiles(root, {
      "schemas/chunk.feature.json": JSON.stringify(buildSpec("video/long-chunk", chunk)),
    });
    await queryFile(join(root, "features.duckdb"), "ALTER TABLE video__chunk RENAME TO video__long_chunk");
    const { exitCode, stderr } = await run(root, ["drop", "video/long_chunk", ...yes]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("its table video__long_chunk belongs to video/long-chunk.");
    expect(await stored(root, "video__long_chunk")).toBe(14);
  });
});

describe("what a user gets wrong", () => {
  const where = ["--where", "TRUE"];
  it.each([
    ["no terminal to ask on", ["delete", "video/chunk", ...where], 2, "no terminal is available."],
    ["no terminal to ask on before a drop", ["drop", "video/chunk"], 2, "no terminal is available."],
    ["no samples", ["delete", "video/chunk", ...yes], 2, "No samples are selected."],
    [
      "samples in two ways",
      ["delete", "video/chunk", ...where, "--orphaned", ...yes],
      2,
      "in more than one way",
    ],
    ["a typo in the key", ["delete", "video/chnk", ...where, ...yes], 2, "Did you mean video/chunk?"],
    ["the last part of a key", ["delete", "chunk", ...where, ...yes], 2, "Did you mean video/chunk?"],
    ["a typo in the last part", ["drop", "chnk", ...yes], 2, "Did you mean video/chunk?"],
    ["another key", ["delete", "speech", ...where, ...yes], 2, "Known: video/chunk, video/raw."],
    ["what is no key", ["drop", "Video Chunk", ...yes], 2, "is not a feature of this project"],
    ["orphans of a root", ["delete", "video/raw", "--orphaned", ...yes], 2, "video/raw is a root"],
    [
      "an unknown store",
      ["delete", "video/chunk", ...where, "--store", "nihgtly", ...yes],
      2,
      "Did you mean nightly?",
    ],
    [
      "a database that is not there",
      ["drop", "video/chunk", "--store", "./none.duckdb", ...yes],
      2,
      "does not exist",
    ],
    [
      "a file of another kind",
      ["drop", "video/chunk", "--store", "./notes.txt", ...yes],
      1,
      "not a DuckDB database",
    ],
    [
      "a file of settings",
      ["drop", "video/chunk", "--store", "stemma.config.json", ...yes],
      1,
      "not a DuckDB database",
    ],
    [
      "a filter that is none",
      ["delete", "video/chunk", "--where", "quality >", ...yes],
      2,
      "This filter on video/chunk",
    ],
    [
      "an unknown column",
      ["delete", "video/chunk", "--where", "qualty > 1", ...yes],
      2,
      'Did you mean "quality"?',
    ],
    ["another format", ["drop", "video/chunk", "--format", "xml", ...yes], 2, "text, json"],
  ])("%s", async (_, args, exitCode, message) => {
    const root = await computedProject();
    const outcome = await run(root, args);
    expect([outcome.exitCode, outcome.stdout]).toEqual([exitCode, ""]);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(root, "none.duckdb"))).toBe(false);
    expect(await stored(root)).toBe(14);
  });

  it("specs that are wrong", async () => {
    const root = await computedProject();
    putFiles(root, { "schemas/wrong.feature.json": "{}" });
    const { exitCode, stderr } = await run(root, ["drop", "video/chunk", ...yes]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("schemas/wrong.feature.json:1:1")]);
    expect(await stored(root)).toBe(14);
  });

  it("a store of another program, which does not record its hash", async () => {
    const root = await computedProject();
    await queryFile(join(root, "features.duckdb"), "DROP TABLE stemma_meta");
    const { exitCode, stderr } = await run(root, ["drop", "video/chunk", ...yes]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/does not record the hash .*\n.*setting `stores`/),
    ]);
  });

  it("an interruption", async () => {
    const root = await computedProject();
    const untilInterrupted = () => Promise.resolve();
    const { exitCode, stderr } = await run(root, ["delete", "video/chunk", ...where, ...yes], {
      untilInterrupted,
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("The command was interrupted.")]);
    expect(await stored(root)).toBe(14);
  });
});

describe("a real process", () => {
  const main = fileURLToPath(new URL("../../../generator/cli/main.ts", import.meta.url));
  const stemma = (root: string, args: readonly string[], input = "") =>
    spawnSync(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), "--conditions=stemma-source", main, ...args],
      { cwd: root, encoding: "utf8", input, env: { ...process.env, NO_COLOR: "1" } },
    );

  it("never takes what comes through a pipe for an answer", async () => {
    const root = await computedProject();
    const args = ["delete", "video/chunk", "--where", "TRUE"];
    const questions = stemma(root, args, "y\ny\n");
    expect([questions.status, questions.stdout]).toEqual([2, ""]);
    expect(questions.stderr).toContain("run it with --yes");
    expect(await stored(root)).toBe(14);
    const done = stemma(root, [...args, "--yes", "--hard"], "n\n");
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toContain("14 samples of video/chunk in nightly (14 rows) were removed permanently.");
    expect(await stored(root)).toBe(0);
  });
});
