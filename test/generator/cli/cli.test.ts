import { rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CliConsole } from "../../../generator/cli/console.ts";
import { childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { filesIn, putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const specs = {
  "schemas/audio.feature.json": rootSpec("audio"),
  "schemas/deep/text.feature.json": childSpec("text", ["audio"]),
};
const bumped = rootSpec("audio", [{ key: "default", codeVersion: "2" }]);
const modules = [
  "generated/audio.ts",
  "generated/deep/text.ts",
  "generated/index.ts",
  "generated/version-diff.md",
  "generated/versions.json",
];

describe("stemma generate", () => {
  it("writes a module for each spec, an index and the manifest", async () => {
    const root = temporaryFolder(specs);
    expect(await runInTest(root, ["generate"])).toEqual({
      exitCode: 0,
      stdout: "First versions: 2 features, 2 fields\n",
      stderr: "generated: 5 files written\n",
    });
    expect(Object.keys(filesIn(root)).sort()).toEqual([...modules, ...Object.keys(specs)].sort());
  });

  it("does nothing the second time, and touches no file", async () => {
    const root = temporaryFolder(specs);
    await runInTest(root, ["generate"]);
    const past = new Date("2001-01-01T00:00:00Z");
    for (const path of modules) utimesSync(join(root, path), past, past);
    expect(await runInTest(root, ["generate"])).toEqual({
      exitCode: 0,
      stdout: "No version changed: 2 features, 2 fields\n",
      stderr: "generated: 4 files, all up to date\n",
    });
    for (const path of modules) expect(statSync(join(root, path)).mtime).toEqual(past);
  });

  it("tells which versions an edit moves, and why", async () => {
    const root = temporaryFolder(specs);
    await runInTest(root, ["generate"]);
    putFiles(root, { "schemas/audio.feature.json": bumped });
    const { stdout, stderr } = await runInTest(root, ["generate"]);
    expect(`\n${stdout}`).toMatchInlineSnapshot(`
      "
      1 changed directly, 1 indirectly; 0 of 2 fields keep their version

      ~ audio      c9762705 → 962232b3  direct         recompute: all   types: none
          default  80200592 → 181020c3  codeVersion (default) → "2"
                                        schemas/audio.feature.json:22:24
      ~ text       11ebf794 → aafe7c4c  indirect       recompute: all   types: none
          default  51c46800 → 2f4f5b36  ← audio.default: codeVersion (default) → "2"

      Run audio, then text.
      To roll back, remove the codeVersion of audio.default: rows stored under c9762705 and 11ebf794 count again.
      "
    `);
    expect(stderr).toBe("generated: 5 files written\n");
  });

  it("removes the module of a spec that is gone, and keeps what others wrote", async () => {
    const root = temporaryFolder(specs);
    await runInTest(root, ["generate"]);
    putFiles(root, { "generated/mine.ts": "export {};\n" });
    rmSync(join(root, "schemas/deep"), { recursive: true });
    const { stdout, stderr } = await runInTest(root, ["generate"]);
    expect(stdout).toMatch(/^1 removed, 1 unchanged; 1 of 1 field keeps its version\n/);
    expect(stderr).toBe("generated: 3 files written, 1 unchanged, 1 removed\n");
    expect(Object.keys(filesIn(join(root, "generated")))).toEqual([
      "audio.ts",
      "index.ts",
      "mine.ts",
      "version-diff.md",
      "versions.json",
    ]);
  });

  it("moves a module with its spec", async () => {
    const root = temporaryFolder({ "schemas/a/audio.feature.json": rootSpec("audio") });
    await runInTest(root, ["generate"]);
    const moved = temporaryFolder({
      ...Object.fromEntries(Object.entries(filesIn(root)).filter(([path]) => path.startsWith("generated"))),
      "schemas/b/audio.feature.json": rootSpec("audio"),
      "generated/a/mine.ts": "export {};\n",
    });
    const { stdout, stderr } = await runInTest(moved, ["generate"]);
    // No version moves, but whoever imports the module has to follow it.
    expect(stdout).toMatch(/^1 changed directly; 1 of 1 field keeps its version\n/);
    expect(stderr).toBe("generated: 4 files written, 1 removed\n");
    expect(Object.keys(filesIn(moved))).toEqual([
      "generated/a/mine.ts",
      "generated/b/audio.ts",
      "generated/index.ts",
      "generated/version-diff.md",
      "generated/versions.json",
      "schemas/b/audio.feature.json",
    ]);
  });

  it("writes nothing where there are errors", async () => {
    const root = temporaryFolder({ ...specs, "schemas/bad.feature.json": childSpec("bad", ["audoi"]) });
    const { exitCode, stdout, stderr } = await runInTest(root, ["generate"]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("schemas/bad.feature.json:");
    expect(stderr).toContain('Did you mean "audio"?');
    expect(filesIn(root)["generated/audio.ts"]).toBeUndefined();
  });

  it("takes its settings from where they stand", async () => {
    const root = temporaryFolder({
      "features/audio.feature.json": rootSpec("audio"),
      "package.json":
        '{ "name": "@acme/sounds", "stemma": { "schemas": "features", "generated": "src/gen" } }',
      "short.json": '{ "schemas": "features", "generated": "src/short", "hashLength": 8 }',
    });
    await runInTest(root, ["generate"]);
    await runInTest(root, ["generate", "--config", "short.json"]);
    const written = filesIn(join(root, "src"));
    expect(JSON.parse(written["gen/versions.json"] ?? "")).toMatchObject({
      project: "@acme/sounds",
      hashLength: 64,
    });
    expect(JSON.parse(written["short/versions.json"] ?? "")).toMatchObject({
      project: "@acme/sounds",
      hashLength: 8,
      features: { audio: { featureVersion: expect.stringMatching(/^[0-9a-f]{8}$/) } },
    });
  });

  it("prints problems only when it has to be quiet", async () => {
    const root = temporaryFolder(specs);
    expect(await runInTest(root, ["generate", "--quiet"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    putFiles(root, { "schemas/audio.feature.json": "{" });
    expect((await runInTest(root, ["--quiet", "generate"])).stderr).toContain("error");
  });

  it("shows on a terminal that it works, and on nothing else", async () => {
    const root = temporaryFolder(specs);
    const progress: string[] = [];
    const run = await runInTest(root, ["generate"], {
      stderr: { write: () => {}, isTTY: true, columns: 80 },
      startProgress: async (text) => {
        progress.push(text);
        return () => progress.push("stopped");
      },
    });
    expect(run.exitCode).toBe(0);
    expect(progress).toEqual(["Compiling the specs", "stopped"]);
  });
});

describe("stemma generate --check", () => {
  it("is content with what generate wrote, also with line ends of Windows", async () => {
    const root = temporaryFolder(specs);
    await runInTest(root, ["generate"]);
    const fine = { exitCode: 0, stdout: "", stderr: "generated: 4 files, all up to date\n" };
    expect(await runInTest(root, ["generate", "--check"])).toEqual(fine);
    const windows = Object.entries(filesIn(root)).map(([path, text]) => [
      path,
      text.replaceAll("\n", "\r\n"),
    ]);
    const checkedOut = temporaryFolder(Object.fromEntries(windows));
    expect(await runInTest(checkedOut, ["generate", "--check"])).toEqual(fine);
  });

  it("lists what is not as it should be, says what mends it, and writes nothing", async () => {
    const root = temporaryFolder(specs);
    await runInTest(root, ["generate"]);
    putFiles(root, {
      "schemas/new.feature.json": rootSpec("new"),
      "schemas/audio.feature.json": bumped,
      "generated/old.ts": "// @generated by stemma from schemas/old.feature.json. Do not edit.\n",
    });
    const before = filesIn(root);
    const run = await runInTest(root, ["generate", "--check"]);
    expect(run.exitCode).toBe(1);
    expect(`\n${run.stdout}\n${run.stderr}`).toMatchInlineSnapshot(`
      "
      missing    generated/new.ts
      outdated   generated/audio.ts
      outdated   generated/deep/text.ts
      outdated   generated/index.ts
      outdated   generated/versions.json
      obsolete   generated/old.ts

      These 6 files differ from the specs. To update: npx stemma generate
      "
    `);
    expect(filesIn(root)).toEqual(before);
  });

  it("names a command that works from here", async () => {
    const root = temporaryFolder({ "my project/schemas/audio.feature.json": rootSpec("audio") });
    const run = await runInTest(root, ["generate", "--check", "--cwd", "my project"]);
    expect(run.stderr).toBe(
      'These 3 files differ from the specs. To update: npx stemma generate --cwd "my project"\n',
    );
  });
});

describe("stemma validate", () => {
  it("says that nothing is wrong, and writes nothing", async () => {
    const root = temporaryFolder(specs);
    expect(await runInTest(root, ["validate"])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "2 specs, no problems\n",
    });
    expect(filesIn(root)).toEqual(specs);
  });

  it("prints what is wrong, as text by default", async () => {
    const root = temporaryFolder({ ...specs, "schemas/bad.feature.json": childSpec("bad", ["audoi"]) });
    const { exitCode, stdout, stderr } = await runInTest(root, ["validate"]);
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^schemas\/bad\.feature\.json:\d+:\d+: error: /);
  });

  it("prints JSON that holds everything, also where there is nothing", async () => {
    const root = temporaryFolder({ ...specs, "schemas/bad.feature.json": childSpec("bad", ["audoi"]) });
    const run = await runInTest(root, ["validate", "--format", "json"]);
    expect(JSON.parse(run.stdout)).toMatchObject([
      { code: "dep-unknown", file: "schemas/bad.feature.json", severity: "error" },
    ]);
    const fine = await runInTest(temporaryFolder(specs), ["validate", "--format", "json"]);
    expect(JSON.parse(fine.stdout)).toEqual([]);
  });

  it("annotates the lines of a pull request, by paths from where it was started", async () => {
    const parent = temporaryFolder({ "app/schemas/bad.feature.json": childSpec("bad", ["audio"]) });
    const run = await runInTest(parent, ["validate", "--cwd", "app", "--format", "github"]);
    expect(run.stdout).toMatch(/^::error file=app\/schemas\/bad\.feature\.json,line=\d+/);
  });

  it("tells about some files only, and how many problems others have", async () => {
    const root = temporaryFolder({
      ...specs,
      "schemas/bad.feature.json": childSpec("bad", ["audoi"]),
      "schemas/deep/worse.feature.json": "{",
    });
    const good = await runInTest(root, ["validate", "schemas/audio.feature.json"]);
    expect(good).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "1 spec, no problems\n2 more in other files\n",
    });
    const bad = await runInTest(root, ["validate", "schemas/bad.feature.json"]);
    expect(bad.exitCode).toBe(1);
    const folder = await runInTest(root, ["validate", "schemas/deep/"]);
    expect(folder.stdout).toMatch(/^schemas\/deep\/worse/);
    const fromWithin = await runInTest(join(root, "schemas"), ["validate", "--cwd", "..", "deep"]);
    expect(fromWithin.exitCode).toBe(1);
  });
});

describe("how text looks", () => {
  const style = (isTTY: boolean, env: Record<string, string>, color?: boolean): unknown => {
    const stream = { write: () => {}, isTTY, columns: 60 };
    const io = {
      cwd: "/",
      env,
      stdout: stream,
      stderr: stream,
      startProgress: () => Promise.reject(),
      openWatcher: () => Promise.reject(),
      untilInterrupted: () => Promise.reject(),
    };
    return new CliConsole(io, color === undefined ? {} : { color }).dataStyle;
  };

  it("has colour and a width on terminals only, unless somebody wants none", () => {
    expect(style(true, {})).toEqual({ color: true, columns: 60 });
    expect(style(false, {})).toEqual({ color: false });
    expect(style(true, { NO_COLOR: "1" })).toEqual({ color: false, columns: 60 });
    expect(style(true, { NO_COLOR: "" })).toEqual({ color: true, columns: 60 });
    expect(style(true, { TERM: "dumb" })).toEqual({ color: false, columns: 60 });
    expect(style(true, {}, false)).toEqual({ color: false, columns: 60 });
  });
});
