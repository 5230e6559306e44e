import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attributesFile, diffDriverCommand } from "../../../generator/scaffold/index.ts";
import { commitFiles, git, gitEnv, gitRepository } from "../../support/git-project.ts";
import { childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { filesIn, putFiles } from "../../support/temporary-folder.ts";

const attributes = attributesFile("generated");
const audio = "schemas/audio.feature.json";
const text = "schemas/text.feature.json";

/** A repository in which `main` and `side` have moved versions on their own, with `main` checked out. */
async function twoBranches(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = gitRepository();
  putFiles(root, { ...files, [audio]: rootSpec("audio"), [text]: childSpec("text", ["audio"]) });
  await commitGenerated(root);
  git(root, "checkout", "--quiet", "-b", "side");
  putFiles(root, { [audio]: rootSpec("audio", [{ key: "default", codeVersion: "2" }]) });
  await commitGenerated(root);
  git(root, "checkout", "--quiet", "main");
  const spec = JSON.parse(childSpec("text", ["audio"]));
  spec.feature.fields = [{ key: "default", codeVersion: "3" }];
  putFiles(root, { [text]: `${JSON.stringify(spec, undefined, 2)}\n` });
  await commitGenerated(root);
  return root;
}

async function commitGenerated(root: string): Promise<void> {
  await stemma(root, "generate");
  commitFiles(root);
}

async function stemma(root: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runInTest(root, args, { env: gitEnv });
  return `${exitCode} ${stdout}`;
}

describe("two branches that both moved versions", () => {
  const withAttributes = { [attributes.path]: attributes.text };

  it("merge by their specs, without marks of conflicts in generated files", async () => {
    const root = await twoBranches(withAttributes);
    const ours = filesIn(join(root, "generated"));
    expect(() => git(root, "merge", "side")).toThrow();
    expect(git(root, "diff", "--name-only", "--diff-filter=U").split("\n")).toContain(
      "generated/versions.json",
    );
    const merged = filesIn(join(root, "generated"));
    expect(Object.values(merged).filter((file) => file.includes("<<<<<<<"))).toEqual([]);
    expect(merged["versions.json"]).toBe(ours["versions.json"]);
    expect(() => git(root, "commit", "--no-edit")).toThrow();

    expect(await stemma(root, "generate")).toMatch(/^0 /);
    git(root, "add", "--all", "generated");
    git(root, "commit", "--quiet", "--no-edit");
    expect(git(root, "status", "--porcelain")).toBe("");
    expect(await stemma(root, "generate", "--check")).toBe("0 ");
    const codes = [...readVersions(root).matchAll(/"codeVersion": "(\d)"/g)].map(([, code]) => code);
    expect(codes).toEqual(["2", "3"]);
  });

  it("are found out where nobody generated anew", async () => {
    const root = await twoBranches(withAttributes);
    expect(() => git(root, "merge", "side")).toThrow();
    git(root, "add", "--all");
    git(root, "commit", "--quiet", "--no-edit");
    expect(await stemma(root, "generate", "--check")).toMatch(/^1 .*outdated +generated\/versions\.json\n/s);
  });

  it("would leave such marks otherwise", async () => {
    const root = await twoBranches();
    expect(() => git(root, "merge", "side")).toThrow();
    expect(readVersions(root)).toContain("<<<<<<<");
  });

  it("merge where one of them removed a feature", async () => {
    const root = await twoBranches(withAttributes);
    rmSync(join(root, text));
    await commitGenerated(root);
    git(root, "checkout", "--quiet", "side");
    expect(() => git(root, "merge", "main")).toThrow();
    expect(await stemma(root, "generate")).toMatch(/^0 /);
    git(root, "add", "--all", "generated");
    git(root, "commit", "--quiet", "--no-edit");
    expect(Object.keys(filesIn(join(root, "generated")))).not.toContain("text.ts");
    expect(await stemma(root, "generate", "--check")).toBe("0 ");
  });
});

describe("the history of versions.json", () => {
  it("names the feature over each part, and can be had of one feature", async () => {
    const root = await twoBranches({ [attributes.path]: attributes.text });
    execFileSync("bash", ["-c", diffDriverCommand], { cwd: root, env: gitEnv });
    const diff = git(root, "diff", "main...side", "--", "generated/versions.json");
    // The first part shows the head of the file and of its first feature.
    expect(diff.match(/(?<=^@@.*@@).*/gm)).toEqual(["", " text", " text"]);
    const log = git(root, "log", "--format=%D", '-L:"audio":generated/versions.json', "side");
    expect(log.match(/^\+ .*/gm)?.join("\n")).toContain('"codeVersion": "2"');
    expect(log).not.toContain('"text": {');
  });
});

function readVersions(root: string): string {
  return readFileSync(join(root, "generated/versions.json"), "utf8");
}
