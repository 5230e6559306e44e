import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diffDriverCommand } from "../../../generator/scaffold/index.ts";
import { readmeBlocks } from "../../readme/readme-blocks.ts";
import { gitRepository } from "../../support/git-project.ts";
import { rootSpec, runInTest } from "../../support/run-in-test.ts";
import { filesIn, putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const example = [
  "schemas/video.feature.json",
  "schemas/transcript.feature.json",
  "schemas/faces.feature.json",
  "pipeline.ts",
];
const around = [
  "stemma.config.json",
  "package.json",
  "tsconfig.json",
  ".gitattributes",
  ".gitignore",
  ".github/workflows/stemma.yml",
];

describe("stemma init", () => {
  it("begins a project that compiles, and tells what is left to do", async () => {
    const root = temporaryFolder();
    const { exitCode, stdout, stderr } = await runInTest(root, ["init"]);
    expect([exitCode, stdout]).toEqual([0, lines("written", [...example, ...around])]);
    expect(Object.keys(filesIn(root)).sort()).toEqual([...example, ...around].sort());
    expect(stderr).toMatchInlineSnapshot(`
      "
      Next:
        npm install
        npx stemma generate
        npx tsx pipeline.ts

      Commit generated/ and package-lock.json too: the workflow checks them.

      Once in each clone, so that git diff names the feature above each part of versions.json:
        git config diff.stemma.xfuncname '^ {4}"([^"]+)": [{]$'
      "
    `);
    const generated = await runInTest(root, ["generate"]);
    expect([generated.exitCode, generated.stdout]).toEqual([0, "First versions: 3 features, 4 fields\n"]);
  });

  it("tells the story that the README tells", async () => {
    const root = temporaryFolder();
    await runInTest(root, ["init"]);
    const written = filesIn(root);
    const paths = [...example, ".gitattributes"];
    const documented = readmeBlocks(readFileSync(new URL("../../../README.md", import.meta.url), "utf8"));
    const files = documented.flatMap((block) =>
      block.kind === "file" ? [[block.path, block.text] as const] : [],
    );
    expect(files.filter(([path]) => paths.includes(path))).toEqual(
      paths.map((path) => [path, written[path]]),
    );
    const commands = documented.flatMap((block) => (block.kind === "command" ? [block.command] : []));
    expect(commands).toContain(diffDriverCommand);
  });

  it("makes the folder that is named, and says how to get there", async () => {
    const root = temporaryFolder();
    const { stdout, stderr } = await runInTest(root, ["init", "new/My Videos"]);
    expect(stdout).toBe(
      lines(
        "written",
        [...example, ...around].map((path) => `new/My Videos/${path}`),
      ),
    );
    expect(stderr).toContain('\n  cd "new/My Videos"\n  npm install\n');
    const { name } = JSON.parse(filesIn(root)["new/My Videos/package.json"] ?? "");
    expect(name).toBe("my-videos");
  });

  it("changes nothing the second time, and adds no example to specs", async () => {
    const root = temporaryFolder();
    await runInTest(root, ["init"]);
    const before = filesIn(root);
    const { exitCode, stdout, stderr } = await runInTest(root, ["init"]);
    const settings = "stemma.config.json";
    expect([exitCode, stdout]).toEqual([
      0,
      lines(
        "kept",
        around.filter((path) => path !== settings),
      ),
    ]);
    expect(stderr).toContain("schemas has specs already, so no example was added.\n");
    expect(filesIn(root)).toEqual(before);
  });

  it("overwrites nothing that anybody wrote", async () => {
    const own = Object.fromEntries(
      [...example, ...around]
        .filter((path) => !path.endsWith(".feature.json"))
        .map((path) => [path, path.endsWith(".json") ? "{}" : "mine"]),
    );
    const root = temporaryFolder(own);
    await runInTest(root, ["init"]);
    expect(filesIn(root)).toMatchObject(own);
  });

  it("has the folders and endings of the settings that are there", async () => {
    const stemma = { schemas: "src/features", generated: "src/my gen", importExtension: ".ts" };
    const root = temporaryFolder({ "package.json": JSON.stringify({ type: "module", stemma }) });
    const { exitCode, stdout } = await runInTest(root, ["init"]);
    expect([exitCode, stdout]).toEqual([0, expect.not.stringContaining("stemma.config.json")]);
    const written = filesIn(root);
    expect(JSON.parse(written["src/features/video.feature.json"] ?? "").$schema).toBe(
      "../../node_modules/stemma/schemas/feature.schema.json",
    );
    expect(written["pipeline.ts"]).toContain('from "./src/my gen/video.ts";');
    expect(written[".gitattributes"]).toContain("src/my?gen/** ");
    expect(JSON.parse(written["tsconfig.json"] ?? "")).toMatchObject({
      compilerOptions: { allowImportingTsExtensions: true },
    });
    expect((await runInTest(root, ["generate"])).exitCode).toBe(0);
  });

  it("names the packages that are lacking, and leaves a package of CommonJS one", async () => {
    const root = temporaryFolder({
      "package.json": '{ "devDependencies": { "tsx": "4", "typescript": "5" } }',
    });
    const { stdout, stderr } = await runInTest(root, ["init"]);
    expect(stdout).toContain("written  pipeline.mts\n");
    expect(stderr).toMatch(
      /\n {2}npm install stemma@\^\d+\.\d+\.\d+\n {2}npm install --save-dev @types\/node@\^20\S+\n {2}npx stemma generate\n {2}npx tsx pipeline\.mts\n/,
    );
  });

  it("says which lines a list lacks that is there already", async () => {
    const root = temporaryFolder({
      ".gitignore": "/node_modules\n*.duckdb\n",
      ".gitattributes": "* text=auto\n",
    });
    const { stderr } = await runInTest(root, ["init"]);
    expect(stderr).toContain("\nAdd to .gitignore, which existed already:\n  *.duckdb.wal\n\n");
    expect(stderr).toContain("\nAdd to .gitattributes, which existed already:\n  generated/** ");
  });

  it("puts the workflow of a subfolder where GitHub finds it", async () => {
    const top = gitRepository();
    mkdirSync(join(top, "node_modules/stemma"), { recursive: true });
    const { stdout } = await runInTest(top, ["init", "packages/features"]);
    expect(stdout).toContain("written  packages/features/package.json\n");
    expect(stdout).toContain("written  .github/workflows/stemma-packages-features.yml\n");
    const written = filesIn(top);
    expect(written[".github/workflows/stemma-packages-features.yml"]).toContain(
      '    working-directory: "packages/features"\n',
    );
    // Workspaces install into the folder at their top.
    const spec = JSON.parse(written["packages/features/schemas/video.feature.json"] ?? "");
    expect(spec.$schema).toBe("../../../node_modules/stemma/schemas/feature.schema.json");
    const settings = JSON.parse(written["packages/features/stemma.config.json"] ?? "");
    expect(settings.$schema).toBe("../../node_modules/stemma/schemas/config.schema.json");
  });

  it("prints nothing where that is wanted", async () => {
    const run = await runInTest(temporaryFolder(), ["init", "--quiet"]);
    expect(run).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("says what is in the way", async () => {
    const root = temporaryFolder({ ".github": "", "schemas/a.feature.json": rootSpec("a") });
    expect(await runInTest(root, ["init"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "error: Can't create the folder .github/workflows: a part of its path is a file, not a folder.\n",
    });
    putFiles(root, { "stemma.config.json": '{ "schema": "x" }' });
    const { exitCode, stderr } = await runInTest(root, ["init"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("stemma.config.json:1:3: error:")]);
  });
});

function lines(word: string, paths: readonly string[]): string {
  return paths.map((path) => `${word.padEnd(7)}  ${path}\n`).join("");
}
