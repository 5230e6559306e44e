import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rootSpec, runInTest } from "../../support/run-in-test.ts";
import { filesIn, temporaryFolder } from "../../support/temporary-folder.ts";

const spec = { "schemas/audio.feature.json": rootSpec("audio") };

interface Mistake {
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly exitCode: number;
}

/** What people do, each with what they are told in the snapshot. */
const mistakes: Readonly<Record<string, Mistake>> = {
  "no command": { args: [], exitCode: 2 },
  "a mistyped command": { args: ["genrate"], exitCode: 2 },
  "a mistyped option": { args: ["generate", "--chekc"], exitCode: 2 },
  "an option of another command": { files: spec, args: ["generate", "--format", "json"], exitCode: 2 },
  "an argument too many": { files: spec, args: ["generate", "schemas"], exitCode: 2 },
  "an unknown format": { files: spec, args: ["validate", "--format", "xml"], exitCode: 2 },
  "an option without its value": { args: ["generate", "--cwd"], exitCode: 2 },
  "a folder that is not there": { args: ["generate", "--cwd", "nowhere"], exitCode: 2 },
  "a file for a folder": {
    files: spec,
    args: ["generate", "--cwd", "schemas/audio.feature.json"],
    exitCode: 2,
  },
  "settings that are not there": { files: spec, args: ["generate", "--config", "stemma.json"], exitCode: 2 },
  "a folder for settings": { files: spec, args: ["generate", "--config", "schemas"], exitCode: 2 },
  "settings that are not JSON": {
    files: { ...spec, "stemma.config.json": "{ 'hashLength': 8 }" },
    args: ["generate"],
    exitCode: 1,
  },
  "a mistyped setting": {
    files: { ...spec, "package.json": '{\n  "name": "x",\n  "stemma": { "schema": "schemas" }\n}' },
    args: ["validate"],
    exitCode: 1,
  },
  "a package.json that is not JSON": {
    files: { ...spec, "package.json": "{,}" },
    args: ["generate"],
    exitCode: 1,
  },
  "an empty folder": { args: ["generate"], exitCode: 1 },
  "a file in which to begin a project": {
    files: spec,
    args: ["init", "schemas/audio.feature.json"],
    exitCode: 2,
  },
  "a project to begin below a file": {
    files: spec,
    args: ["init", "schemas/audio.feature.json/new"],
    exitCode: 1,
  },
  "two folders in which to begin a project": { args: ["init", "a", "b"], exitCode: 2 },
  "a subfolder of the project": {
    files: { ...spec, "src/main.ts": "" },
    args: ["generate", "--cwd", "src"],
    exitCode: 1,
  },
  "a file where the specs should be": { files: { schemas: "" }, args: ["generate"], exitCode: 1 },
  "a spec with a plain name": { files: { "schemas/audio.json": "{}" }, args: ["validate"], exitCode: 1 },
  "an empty spec": { files: { "schemas/audio.feature.json": "" }, args: ["generate"], exitCode: 1 },
  "a comma too many": {
    files: { "schemas/audio.feature.json": '{\n  "type": "object",\n}' },
    args: ["generate"],
    exitCode: 1,
  },
  "a merge conflict in a spec": {
    files: { "schemas/audio.feature.json": `<<<<<<< HEAD\n${rootSpec("audio")}=======\n>>>>>>> main\n` },
    args: ["generate"],
    exitCode: 1,
  },
  "a file of their own in the way": {
    files: { ...spec, "generated/audio.ts": "export const mine = 1;\n" },
    args: ["generate"],
    exitCode: 1,
  },
  "the same, only checked": {
    files: { ...spec, "generated/audio.ts": "export const mine = 1;\n" },
    args: ["generate", "--check"],
    exitCode: 1,
  },
  "a file where the modules should be": {
    files: { ...spec, generated: "" },
    args: ["generate"],
    exitCode: 1,
  },
  "a manifest of a newer version": {
    files: { ...spec, "generated/versions.json": '{ "manifestVersion": 2 }' },
    args: ["generate"],
    exitCode: 1,
  },
  "a JSON file of their own for the manifest": {
    files: { ...spec, "generated/versions.json": "{}" },
    args: ["generate"],
    exitCode: 1,
  },
  "a spec of another project": { files: spec, args: ["validate", "schemas/vidoe.feature.json"], exitCode: 2 },
  "a spec by a mistyped name": { files: spec, args: ["validate", "schemas/audoi.feature.json"], exitCode: 2 },
  "one folder for specs and modules": {
    files: { ...spec, "stemma.config.json": '{ "generated": "schemas" }' },
    args: ["generate"],
    exitCode: 1,
  },
  "a folder outside of the project": {
    files: { ...spec, "stemma.config.json": '{ "generated": "../generated" }' },
    args: ["generate"],
    exitCode: 1,
  },
};

describe("a mistake is told in words", () => {
  it.each(Object.entries(mistakes))("%s", async (_, { files = {}, args, exitCode }) => {
    const root = temporaryFolder(files);
    const run = await runInTest(root, args);
    expect(run.exitCode).toBe(exitCode);
    expect(filesIn(root)).toEqual(files);
    expect(`\n${run.stdout}${run.stderr}`.replaceAll(root, "ROOT")).toMatchSnapshot();
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it("a spec that Notepad saved", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "schemas"));
    writeFileSync(join(root, "schemas/a.feature.json"), Buffer.from(`\uFEFF${rootSpec("a")}`, "utf16le"));
    expect((await runInTest(root, ["generate"])).stderr).toBe(
      "error: schemas/a.feature.json is not UTF-8 text.\n  = Open it in an editor and save it in the encoding UTF-8.\n",
    );
  });

  it("an unresolved conflict in the manifest, which generating anew mends", async () => {
    const conflict = '{\n<<<<<<< HEAD\n  "manifestVersion": 1,\n=======\n>>>>>>> main\n}\n';
    const root = temporaryFolder({ ...spec, "generated/versions.json": conflict });
    const { exitCode, stderr } = await runInTest(root, ["generate"]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^warning: No versions to compare with: .* unresolved merge conflict\./);
    expect((await runInTest(root, ["generate", "--check"])).exitCode).toBe(0);
  });
});

describe("a bug of our own", () => {
  const broken = {
    stderr: { write: () => {}, isTTY: true },
    startProgress: () => Promise.reject(new TypeError("x is not a function")),
  };

  it("exits with 70 and asks for a report, without a stack", async () => {
    const run = await runInTest(temporaryFolder(spec), ["generate"], broken);
    expect(run.exitCode).toBe(70);
    expect(run.stderr).toMatchInlineSnapshot(`
      "error: Internal error in Stemma. TypeError: x is not a function
        Please report it, with the command and the specs. STEMMA_DEBUG=1 prints the stack.
      "
    `);
  });

  it("shows its stack to who asks", async () => {
    const run = await runInTest(temporaryFolder(spec), ["generate"], {
      ...broken,
      env: { STEMMA_DEBUG: "1" },
    });
    expect(run.stderr).toMatch(/^ {4}at /m);
  });
});
