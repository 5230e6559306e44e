import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { compileProject } from "../../../generator/compile-project.ts";
import { defaultConfig } from "../../../generator/project/settings/index.ts";
import { type CliResult, childSpec, rootSpec } from "../../support/run-in-test.ts";
import { filesIn, putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "generator/cli/main.ts");
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const nodeArgs = ["--conditions=stemma-source", "--import", tsx];

/** Runs the bin from its sources, in a process of its own. */
function stemma(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, main, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
  });
  return { exitCode: status ?? -1, stdout, stderr };
}

/** The specs of this repository. */
function ownSpecs(): Record<string, string> {
  const specs = Object.entries(filesIn(join(repository, "schemas")));
  return Object.fromEntries(specs.map(([path, text]) => [`schemas/${path}`, text]));
}

describe("the bin", () => {
  it("generates, in the same bytes whatever the folder, order of files, locale or time zone", () => {
    const specs = Object.entries(ownSpecs());
    const straight = temporaryFolder(Object.fromEntries(specs));
    const other = join(temporaryFolder(), "Ein anderer Ordner (ü)");
    cpSync(temporaryFolder(Object.fromEntries(specs.reverse())), other, { recursive: true });
    const first = stemma(straight, ["generate"], { LC_ALL: "C", TZ: "UTC" });
    const second = stemma(other, ["generate"], { LC_ALL: "tr_TR.UTF-8", LANG: "sv_SE", TZ: "Pacific/Apia" });
    expect([first.exitCode, first.stderr]).toEqual([0, second.stderr]);
    expect(filesIn(straight)["generated/versions.json"]).toContain('"manifestVersion": 1');
    expect(filesIn(other)).toEqual(filesIn(straight));
  });

  it("prints data on stdout, the rest on stderr, no colour into a pipe, and exits with its code", () => {
    const root = temporaryFolder({ "schemas/a.feature.json": childSpec("a", ["b"]) });
    const bad = stemma(root, ["validate"], { FORCE_COLOR: "1" });
    expect([bad.exitCode, bad.stderr]).toEqual([1, ""]);
    expect(bad.stdout).toMatch(/^schemas\/a\.feature\.json:\d+:\d+: error: /);
    expect(bad.stdout).not.toContain("\u001b");
    expect(stemma(root, ["validat"]).exitCode).toBe(2);
  });

  it("has its help and version without loading what they don't need", () => {
    const root = temporaryFolder({
      "list.cjs": `process.on("exit", () => require("node:fs").writeFileSync("loaded.json", JSON.stringify(Object.keys(require("node:module")._cache))))`,
    });
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    const loads = { NODE_OPTIONS: "--require ./list.cjs" };
    expect(stemma(root, ["--version"], loads).stdout).toBe(`${version}\n`);
    const loaded: string[] = JSON.parse(filesIn(root)["loaded.json"] ?? "");
    expect(
      loaded.filter((file) => /node_modules\/(?!tsx|esbuild|get-tsconfig|resolve-pkg|commander)/.test(file)),
    ).toEqual([]);
    expect(loaded.some((file) => file.includes("commander"))).toBe(true);
    expect(stemma(root, ["--help"]).stdout).toMatch(/^Usage: stemma /);
  });

  it("loads the tools that print modules only where there is something new to print", () => {
    const root = temporaryFolder({
      "list.cjs": `process.on("exit", () => require("node:fs").writeFileSync("loaded.json", JSON.stringify(Object.keys(require("node:module")._cache))))`,
      "node_modules/.keep": "",
      "schemas/a.feature.json": rootSpec("a"),
      "schemas/b.feature.json": childSpec("b", ["a"]),
    });
    const loadedBy = (...args: string[]): string[] => {
      expect(stemma(root, args, { NODE_OPTIONS: "--require ./list.cjs" }).exitCode).toBe(0);
      const loaded: string[] = JSON.parse(filesIn(root)["loaded.json"] ?? "");
      const tools = ["ajv", "json-schema-to-typescript", "ts-morph"];
      return tools.filter((tool) => loaded.some((file) => file.includes(`/node_modules/${tool}/`)));
    };
    // Our schemas are compiled when the package is built: no ajv for specs without examples.
    const all = ["json-schema-to-typescript", "ts-morph"];
    expect(loadedBy("validate")).toEqual([]);
    expect(loadedBy("generate")).toEqual(all);
    expect(loadedBy("generate")).toEqual([]);
    putFiles(root, {
      "schemas/a.feature.json": rootSpec("a", [{ key: "default", codeVersion: "2" }]),
    });
    expect(loadedBy("generate")).toEqual([]);
    // What is checked is not what an earlier run made of it.
    expect(loadedBy("generate", "--check")).toEqual(all);
  });

  it("does not mind a reader that stops reading", () => {
    const wrong = Object.fromEntries(
      Array.from({ length: 400 }, (_, n) => [`schemas/f${n}.feature.json`, childSpec(`f${n}`, ["nowhere"])]),
    );
    const command = [process.execPath, ...nodeArgs, main, "validate", "--format", "json"];
    const { stdout, stderr } = spawnSync(
      "sh",
      ["-c", `${command.map((part) => `'${part}'`).join(" ")} | head -c 1`],
      { cwd: temporaryFolder(wrong), encoding: "utf8" },
    );
    expect([stdout, stderr.replace(/^400 .*\n/, "")]).toEqual(["[", ""]);
  });

  it.runIf(process.getuid?.() !== 0 && process.platform !== "win32")("names what it may not write", () => {
    const root = temporaryFolder({ "schemas/a.feature.json": rootSpec("a") });
    chmodSync(root, 0o555);
    const { exitCode, stderr } = stemma(root, ["generate"]);
    chmodSync(root, 0o755);
    expect([exitCode, stderr]).toEqual([
      1,
      "error: Can't create the folder generated: the permission is missing.\n  = Check who owns it, and its permissions.\n",
    ]);
  });

  it("works through a link to itself, as package managers make one", () => {
    const root = temporaryFolder();
    symlinkSync(main, join(root, "stemma.ts"));
    const { status, stdout } = spawnSync(
      process.execPath,
      [...nodeArgs, join(root, "stemma.ts"), "--version"],
      {
        encoding: "utf8",
      },
    );
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect(readdirSync(realpathSync(root))).toEqual(["stemma.ts"]);
  });
});

it("compiles to the same files whatever the order of the sources", async () => {
  const sources = Object.entries(ownSpecs()).filter(([path]) => path.endsWith(".feature.json"));
  const straight = await compileProject(Object.fromEntries(sources), defaultConfig);
  const reversed = await compileProject(Object.fromEntries(sources.reverse()), defaultConfig);
  expect(straight.files.length).toBe(sources.length + 2);
  expect(reversed.files).toEqual(straight.files);
});
