import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadedPackages } from "./loaded-packages.ts";
import { type PackedPackage, packRepository, repository } from "./pack-repository.ts";
import { runCommand } from "./run-command.ts";

/** The arguments that have Node run a module, given as text. */
const evaluated = (text: string): string[] => ["--input-type=module", "-e", text];
const cli = "node_modules/stemma/dist/generator/cli/main.js";

describe("the published package", () => {
  let folder = "";
  let project = "";
  let packed: PackedPackage = { tarball: "", files: [] };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stemma-package-"));
    project = join(folder, "stranger");
    packed = await packRepository(folder);
    await cp(join(repository, "test/package/stranger"), project, { recursive: true });
    await runCommand("npm", ["install", "--prefer-offline", packed.tarball, "@types/node@20"], {
      cwd: project,
    });
    await runCommand("npx", ["--no-install", "stemma", "generate"], { cwd: project });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("holds what is used, and nothing else", () => {
    const expected = /^(dist\/(generator|runtime)\/[a-z0-9/-]+\.(js|d\.ts)|schemas\/[a-z]+\.schema\.json)$/;
    expect(packed.files.filter((path) => !expected.test(path)).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
    ]);
  });

  it("passes publint and Are The Types Wrong", async () => {
    await bin("publint", ["run", packed.tarball, "--strict"]);
    await bin("attw", [packed.tarball, "--profile", "esm-only"]);
  });

  it("generates modules by the installed command", async () => {
    expect(await readdir(join(project, "generated"))).toEqual([
      "faces.ts",
      "index.ts",
      "version-diff.md",
      "versions.json",
      "video.ts",
    ]);
    await runCommand("npx", ["--no-install", "stemma", "generate", "--check"], { cwd: project });
  });

  it.each(["typescript-5.9", "typescript", "typescript-7.0"])(
    "compiles under %s, its own types checked, and runs",
    async (compiler) => {
      await rm(join(project, "out"), { recursive: true, force: true });
      await runCommand(process.execPath, [join(repository, "node_modules", compiler, "bin/tsc")], {
        cwd: project,
      });
      const printed = await runCommand(process.execPath, ["out/main.js"], { cwd: project });
      expect(printed).toBe("[ [ 'a', 2, null ], [ 'b', 2, null ] ]\ntrue\n[]\n");
    },
  );

  it("begins a project that works, and one in a package that is not of ES modules", async () => {
    const initialized = join(folder, "begun");
    const old = join(initialized, "old");
    await mkdir(old, { recursive: true });
    await writeFile(join(old, "package.json"), '{ "name": "old" }');
    const run = (root: string, name: string, ...args: readonly string[]) =>
      runCommand(join(initialized, "node_modules/.bin", name), args, { cwd: root });

    for (const root of [initialized, old]) {
      await runCommand(process.execPath, [join(project, cli), "init", root], { cwd: folder });
    }
    // The other one has what is installed in the folder around it, and its modules are checked from there.
    await runCommand("npm", ["install", "--prefer-offline", packed.tarball], { cwd: initialized });
    for (const root of [initialized, old]) await run(root, "stemma", "generate");
    await run(initialized, "tsc");
    for (const [root, pipeline] of [
      [initialized, "pipeline.ts"],
      [old, "pipeline.mts"],
    ] as const) {
      expect(await run(root, "tsx", pipeline)).toBe(
        "transcripts { new: 3, stale: 0, orphaned: 0 }\nfaces { new: 3, stale: 0, orphaned: 0 }\n",
      );
    }
    for (const file of ["schemas/video.feature.json", "stemma.config.json"]) {
      const { $schema } = JSON.parse(await readFile(join(initialized, file), "utf8"));
      await access(resolve(initialized, dirname(file), $schema));
    }
  });

  it.each([
    ["the types and errors", evaluated('import "stemma"'), []],
    ["--help", [cli, "--help"], ["commander"]],
    ["--version", [cli, "--version"], ["commander"]],
  ])("loads no package that it can do without: %s", async (_, args, packages) => {
    expect(await loadedPackages(args, project)).toEqual([...packages, "stemma"]);
  });

  it("loads DuckDB for stores, and nothing of the compiler", async () => {
    const packages = await loadedPackages(evaluated('import "stemma/duckdb"'), project);
    expect(packages.filter((name) => !name.startsWith("@duckdb/node-bindings"))).toEqual([
      "@duckdb/node-api",
      "detect-libc",
      "stemma",
    ]);
  });

  function bin(name: string, args: readonly string[]): Promise<string> {
    return runCommand(join(repository, "node_modules/.bin", name), args, { cwd: folder });
  }
});
