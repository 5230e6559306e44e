import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openStore } from "../../../runtime/duckdb/index.ts";
import { loadProject } from "../../support/load-project.ts";
import { type CliResult, childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const fields = ["loudness", "words"];
const child = JSON.parse(childSpec("text", ["audio"]));
child.feature.fields = [{ key: "default", deps: [{ feature: "audio", fields: ["words"] }] }];
const text = JSON.stringify(child, undefined, 2);
const leaf = childSpec("tags", ["text"]);

const specs = {
  "schemas/audio.feature.json": rootSpec("audio", fields),
  "schemas/text.feature.json": text,
  "schemas/tags.feature.json": leaf,
};

function bumped(field: string): Record<string, string> {
  const edited = fields.map((key) => (key === field ? { key, codeVersion: "2" } : key));
  return { "schemas/audio.feature.json": rootSpec("audio", edited) };
}

/** A project with versions on disk and a store in which all is computed, for three samples. */
async function computedProject(): Promise<string> {
  const root = temporaryFolder(specs);
  await runInTest(root, ["generate"]);
  const features = loadProject(
    Object.values(specs).map((spec) => JSON.parse(spec)),
    { hashLength: 64 },
  );
  await using store = await openStore(join(root, "features.duckdb"));
  for (const key of ["audio", "text", "tags"]) {
    const feature = features[key];
    if (feature === undefined) throw new Error(`No feature ${key}`);
    const samples = ["a", "b", "c"].map((id) => ({
      sample_id: id,
      metaxy_provenance_by_field: { loudness: `loudness of ${id}`, words: `words of ${id}` },
    }));
    await using increment = await store.resolve(feature, key === "audio" ? { samples } : {});
    await increment.write(increment.new);
  }
  return root;
}

function diffOf(root: string, ...args: readonly string[]): Promise<CliResult> {
  return runInTest(root, ["diff", ...args], { env: { FEATURES: "features" } });
}

/** Rows of the features, by key. */
function rowsIn({ stdout }: CliResult): Record<string, unknown> {
  const { features } = JSON.parse(stdout);
  return Object.fromEntries(
    features.map((feature: { key: string; rows: unknown }) => [feature.key, feature.rows]),
  );
}

const store = ["--store", "./features.duckdb"];
const upToDate = { workItem: "sample", new: 0, stale: 0, orphaned: 0, upToDate: 3 };
const again = { workItem: "sample", new: 3, stale: 0, orphaned: 0, upToDate: 0 };

describe("stemma diff --store", () => {
  it("counts what would be new before anything is run, all the way down", async () => {
    const root = await computedProject();
    expect(rowsIn(await diffOf(root, ...store, "--format", "json"))).toEqual({
      audio: upToDate,
      text: upToDate,
      tags: upToDate,
    });
    putFiles(root, bumped("words"));
    expect(rowsIn(await diffOf(root, ...store, "--format", "json"))).toEqual({
      audio: again,
      text: { ...again, upperBound: true },
      tags: { ...again, upperBound: true },
    });
  });

  it("knows that nothing comes down by fields that nobody reads", async () => {
    const root = await computedProject();
    putFiles(root, bumped("loudness"));
    const { stdout } = await diffOf(root, ...store);
    expect(stdout.split("\n").slice(2, 8)).toEqual([
      "In the store: 1 feature has work, 2 are up to date.",
      "",
      "         new",
      "  audio    3  samples",
      "Up to date: tags (3 samples), text (3 samples).",
      "",
    ]);
    expect(stdout).toContain("\nRun audio.\n");
    expect((await diffOf(root, ...store, "--format", "markdown")).stdout).toContain(
      "- In the store: 1 feature has work, 2 are up to date.\n",
    );
  });

  it("leaves the database as it is", async () => {
    const root = await computedProject();
    putFiles(root, bumped("words"));
    const file = join(root, "features.duckdb");
    const digest = () => createHash("sha256").update(readFileSync(file)).digest("hex");
    const before = digest();
    await diffOf(root, ...store);
    expect(digest()).toBe(before);
    expect(existsSync(`${file}.wal`)).toBe(false);
  });

  it("finds a store by its name in the settings, and the one that is meant otherwise", async () => {
    const root = await computedProject();
    const settings = {
      stores: {
        nightly: { database: `\${FEATURES}.duckdb`, hash: "md5" },
        lost: { database: `\${NOWHERE}` },
      },
      defaultStore: "nightly",
    };
    putFiles(root, { "stemma.config.json": JSON.stringify(settings) });
    for (const named of [["--store", "nightly"], ["--store"]]) {
      expect((await diffOf(root, ...named)).stdout).toContain(
        "Up to date: audio (3 samples), tags (3 samples), text (3 samples).\n",
      );
    }
    const lost = await diffOf(root, "--store", "lost");
    expect([lost.exitCode, lost.stdout]).toEqual([2, ""]);
    expect(lost.stderr).toContain("NOWHERE is not set");
    expect((await diffOf(root, "--store", "nihgtly")).stderr).toContain("Did you mean nightly?");
  });

  it.each([
    ["no store at all", [], 2, "No store is named."],
    ["a path without a file", ["./none.duckdb"], 2, "does not exist"],
    ["a file of another kind", ["schemas/audio.feature.json"], 1, "is not a DuckDB database"],
  ])("says what is wrong: %s", async (_, named, expected, message) => {
    const root = temporaryFolder(specs);
    const { exitCode, stdout, stderr } = await diffOf(root, "--store", ...named);
    expect([exitCode, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(message);
  });

  it("tells in every form which features are not counted, and why", async () => {
    const root = await computedProject();
    const other = JSON.parse(specs["schemas/audio.feature.json"]);
    other.properties.part = { type: "string" };
    other.required.push("part");
    other.feature.idColumns = ["sample_id", "part"];
    putFiles(root, { "schemas/audio.feature.json": JSON.stringify(other, undefined, 2) });
    const forms: CliResult[] = [];
    for (const form of ["text", "markdown", "json"])
      forms.push(await diffOf(root, "--store", "features.duckdb", "--format", form));
    const [text, markdown, json] = forms.map(({ stdout }) => stdout);
    expect(text).toContain("Not counted: tags and text.");
    expect(text).toMatch(/rows: +not counted/);
    expect(forms[0]?.stderr).toContain("The rows of text can't be counted. All 3 stored rows of audio ");
    expect(markdown).toContain("Not counted: `tags` and `text`.");
    expect(markdown).toMatch(
      /⚠️ Rows not counted\. All 3 stored rows of audio .*have no sample_id or no part/,
    );
    expect(JSON.parse(json ?? "").features).toContainEqual(
      expect.objectContaining({
        key: "text",
        rowsUnavailable: expect.stringContaining("have no sample_id or no part"),
      }),
    );
  });

  it("says that another process writes to the database", async () => {
    const root = await computedProject();
    const writer = spawn(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { DuckDBInstance } from "@duckdb/node-api";
       await DuckDBInstance.create(process.argv[1]);
       process.stdout.write("open");
       setInterval(() => undefined, 1000);`,
      join(root, "features.duckdb"),
    ]);
    await once(writer.stdout, "data");
    const { exitCode, stdout, stderr } = await diffOf(root, "--store", "features.duckdb");
    writer.kill();
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("Another process writes to ");
    expect(stderr.replace(/\s+/g, " ")).toMatch(
      /copy \S+features\.duckdb and \S+features\.duckdb\.wal together/,
    );
    expect(stderr).not.toContain("readOnly");
  });

  it("says that a URL is not the path of a database", async () => {
    const root = await computedProject();
    const { exitCode, stdout, stderr } = await diffOf(root, "--store", "md:my_db");
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr.replace(/\s+/g, " ")).toMatch(
      /md:my_db is a URL, and a store opens files: md: is not supported yet/,
    );
    expect(readdirSync(root)).not.toContain("md:my_db");
  });

  it("stops when it is interrupted, and leaves nothing behind", async () => {
    const root = await computedProject();
    const temporary = temporaryFolder({});
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const stopped = await runInTest(root, ["diff", "--store", "features.duckdb"], {
      untilInterrupted: () => Promise.resolve(),
    });
    expect([stopped.exitCode, stopped.stdout]).toEqual([1, ""]);
    expect(stopped.stderr).toContain("Counting was interrupted.");
    expect(readdirSync(temporary)).toEqual([]);
  });
});
