import { describe, expect, it } from "vitest";
import { cliErrors } from "../../../generator/diagnostics/cli-error.ts";
import { childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const spec = { "schemas/audio.feature.json": rootSpec("audio") };

/** The JSON that a command prints, its exit code, and whether it printed text as well. */
async function errorOf(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await runInTest(temporaryFolder(files), [...args, "--format", "json"]);
  expect(stderr).not.toBe("");
  return { exitCode, ...JSON.parse(stdout).error };
}

describe("an error of a command that prints JSON", () => {
  it("is one object with a stable code, beside the text on stderr", async () => {
    const config = { "stemma.config.json": '{ "stores": { "nightly": { "database": "x.duckdb" } } }' };
    expect(await errorOf({ ...spec, ...config }, "drop", "audio", "--store", "nihgtly", "--yes")).toEqual({
      exitCode: 2,
      code: "store-unknown",
      message: "Unknown store nihgtly.",
      hint: "Did you mean nightly? If it is the path of a database, write ./nihgtly.",
    });
  });

  it.each([
    ["usage", 2, spec, ["diff", "--bogus"]],
    ["usage", 2, spec, ["drop"]],
    ["folder-not-found", 2, spec, ["validate", "--cwd", "nowhere"]],
    ["config-not-found", 2, spec, ["diff", "--config", "nowhere.json"]],
    ["specs-not-found", 1, {}, ["validate"]],
    ["spec-unknown", 2, spec, ["validate", "other.feature.json"]],
    ["revision-unknown", 2, spec, ["diff", "--against", "./nowhere"]],
    ["rule-unknown", 2, spec, ["diff", "--fail-on", "eror"]],
    ["store-missing", 2, spec, ["migrate", "--yes"]],
    ["store-missing", 2, spec, ["diff", "--store"]],
    ["database-not-found", 2, spec, ["migrate", "--yes", "--store", "./none.duckdb"]],
    ["database-not-found", 2, spec, ["diff", "--store", "./none.duckdb"]],
    ["feature-unknown", 2, spec, ["migrate", "adio", "--yes", "--store", "./none.duckdb"]],
    ["selection-invalid", 2, spec, ["delete", "audio", "--yes", "--store", "./none.duckdb"]],
    ["id-invalid", 2, spec, ["delete", "audio", "--id", "other=1", "--yes", "--store", "./none.duckdb"]],
    ["prompt-unavailable", 2, spec, ["drop", "audio"]],
  ] as const)("has the code %s, exit code %i", async (code, exitCode, files, args) => {
    expect(await errorOf(files, ...args)).toMatchObject({ code, exitCode });
  });

  it("holds the diagnostics of specs", async () => {
    const files = { "schemas/bad.feature.json": childSpec("bad", ["audoi"]) };
    expect(await errorOf(files, "diff")).toMatchObject({
      exitCode: 1,
      code: "specs-invalid",
      diagnostics: [{ code: "dep-unknown", file: "schemas/bad.feature.json" }],
    });
  });

  it("lists further errors", async () => {
    expect(await errorOf(spec, "validate", "a.json", "b.json")).toMatchObject({
      message: "a.json is not a spec of this project.",
      further: [{ code: "spec-unknown", message: "b.json is not a spec of this project." }],
    });
  });

  it("does not follow data that was printed", async () => {
    const run = await runInTest(temporaryFolder(spec), ["diff", "--format", "json", "--fail-on", "error"]);
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining("--fail-on has no verdict")]);
    expect(JSON.parse(run.stdout)).toMatchObject({ diffVersion: 1 });
  });

  it("is a bug with the code internal", async () => {
    const broken = {
      stderr: { write: () => {}, isTTY: true },
      startProgress: () => Promise.reject(new TypeError("x")),
    };
    const run = await runInTest(temporaryFolder(spec), ["validate", "--format", "json"], broken);
    expect([run.exitCode, JSON.parse(run.stdout).error.code]).toEqual([70, "internal"]);
  });
});

describe("the published codes", () => {
  it("end in exit codes 1, 2 and 70", () => {
    expect([...new Set(Object.values(cliErrors).map(({ exitCode }) => exitCode))].sort()).toEqual([1, 2, 70]);
  });
});

describe("the help of a command", () => {
  it.each([[["delete", "--help"]], [["help", "delete"]], [["--no-color", "help", "delete"]]])(
    "is printed by %j",
    async (args) => {
      const { exitCode, stdout, stderr } = await runInTest(temporaryFolder(), args);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("Usage: stemma delete [options] <key>\n");
      expect(stdout).toMatch(/\n {2}key +key of the feature\n/);
      expect(stdout).toMatch(/\n {2}--where <filter\.\.\.> +samples that match/);
      expect(stdout).toContain('\n  $ stemma delete video/faces --where "count = 0" --dry-run\n');
    },
  );

  it("suggests a command for a misspelled one", async () => {
    const { exitCode, stderr } = await runInTest(temporaryFolder(), ["help", "delte"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("(Did you mean delete?)")]);
  });
});
