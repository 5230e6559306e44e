import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diffManifests } from "../../../generator/diff/index.ts";
import { readObjects } from "../../../generator/git/read-objects.ts";
import { gitIn } from "../../../generator/git/run-git.ts";
import { parseManifest } from "../../../generator/manifest/index.ts";
import {
  type BaseRequest,
  baseOutcome,
  codeIn,
  commitCode,
  commitFiles,
  git,
  gitEnv,
  gitRepository,
  importCommits,
  manifestText,
} from "../../support/git-project.ts";
import { sampleManifest } from "../../support/sample-manifest.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("the history of a base", () => {
  it("is what was committed before it and since, latest first, under tags where there are any", async () => {
    const root = gitRepository();
    commitCode(root, "1");
    git(root, "tag", "v1");
    commitFiles(root, { "README.md": "" });
    const second = commitCode(root, "2");
    git(root, "switch", "--quiet", "--create", "mine");
    const third = commitCode(root, "3");
    expect(await historyOf(root)).toEqual([`${third} 3 since`, `${second} 2`, "v1 1"]);
    expect(await historyOf(root, "HEAD")).toEqual([`${third} 3`, `${second} 2`, "v1 1"]);
  });

  it("leaves out what can't be read", async () => {
    const root = gitRepository();
    const first = commitCode(root, "1");
    commitFiles(root, { "generated/versions.json": "<<<<<<< HEAD\n" });
    git(root, "rm", "--quiet", "generated/versions.json");
    commitFiles(root);
    const last = commitCode(root, "2");
    expect(await historyOf(root)).toEqual([`${last} 2`, `${first} 1`]);
  });

  it("is that of the project at hand, whatever its folders are called", async () => {
    const root = gitRepository();
    commitCode(root, "9");
    const first = commitCode(root, "1", "*/[a]/versions.json");
    commitCode(root, "2", "*/a/versions.json");
    const request = { project: "*", config: { generated: "[a]" } };
    expect(await historyOf(root, undefined, request)).toEqual([`${first} 1`]);
  });

  it("ends after fifty commits", async () => {
    const root = gitRepository();
    importCommits(
      root,
      Array.from({ length: 52 }, (_, code) => ({ "generated/versions.json": manifestText(String(code)) })),
    );
    const codes = (await historyOf(root)).map((state) => state.split(" ")[1]);
    expect([codes.length, codes[0], codes.at(-1)]).toEqual([50, "51", "2"]);
  });

  it("ends where it grows too large to be read", async () => {
    const root = gitRepository();
    commitFiles(root, { a: "a".repeat(100), b: "b".repeat(100), "c/d": "" });
    const names = ["HEAD:./a", "HEAD:./missing", "HEAD:./c", "HEAD:./b"];
    const lengthsWithin = async (largestOutput: number) => {
      const read = await readObjects(gitIn(root, gitEnv), names, { largestOutput });
      return read.ok ? read.value.map((object) => object?.text.length) : read;
    };
    expect(await lengthsWithin(10_000)).toEqual([100, undefined, undefined, 100]);
    expect(await lengthsWithin(350)).toEqual([100, undefined, undefined, undefined]);
    expect(await lengthsWithin(90)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("is empty outside of git", async () => {
    expect(await historyOf(temporaryFolder({ "generated/versions.json": manifestText("1") }))).toEqual([]);
  });
});

describe("a revert", () => {
  it("is told from an edit that is committed already", async () => {
    const root = gitRepository();
    commitCode(root, "1");
    const second = commitCode(root, "2");
    git(root, "switch", "--quiet", "--create", "mine");
    const third = commitCode(root, "3");
    expect(await revertTo("3", root)).toBeUndefined();
    expect(await revertTo("2", root)).toBeUndefined();
    commitCode(root, "4");
    expect(await revertTo("4", root)).toBeUndefined();
    expect(await revertTo("3", root)).toBe(third);
    // The way back is committed too.
    commitCode(root, "3");
    expect(await revertTo("3", root)).toBe(third);
    git(root, "switch", "--quiet", "main");
    commitCode(root, "1");
    expect(await revertTo("2", root)).toBe(second);
  });

  it("to what was before the base is told after it is committed, too", async () => {
    const root = gitRepository();
    const first = commitCode(root, "1");
    commitCode(root, "2");
    git(root, "switch", "--quiet", "--create", "mine");
    commitCode(root, "1");
    expect(await revertTo("1", root)).toBe(first);
  });

  it("is told by a history from before the base alone", () => {
    const one = sampleManifest({ audio: { fields: { default: { code: "1" } } } });
    const two = sampleManifest({ audio: { fields: { default: { code: "2" } } } });
    const diff = diffManifests(two, one, new Map(), { history: [{ ref: "v1", manifest: one }] });
    expect(diff.features[0]?.revertOf).toEqual({ ref: "v1" });
  });
});

describe("processes of git", () => {
  it("are few, however long the history is", async () => {
    const root = gitRepository();
    for (let code = 0; code < 5; code += 1) commitCode(root, String(code));
    git(root, "switch", "--quiet", "--create", "mine");
    commitCode(root, "9");
    const trace = join(temporaryFolder(), "trace");
    const started = () => readFileSync(trace, "utf8").match(/built-in: git \S+/g)?.length;
    const base = await baseOutcome(root, undefined, { env: { GIT_TRACE: trace } });
    expect(started()).toBeLessThanOrEqual(6);
    if (base.ok) await base.value.readHistory();
    expect(started()).toBeLessThanOrEqual(9);
  });
});

/** The states in a history, each as `REF CODE`. */
async function historyOf(root: string, against?: string, request?: BaseRequest): Promise<string[]> {
  const outcome = await baseOutcome(root, against, request);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  const history = await outcome.value.readHistory();
  return history.map(
    ({ ref, manifest, isSinceBase }) => `${ref} ${codeIn(manifest)}${isSinceBase ? " since" : ""}`,
  );
}

/** The state to which a code version goes back, compared with the base. */
async function revertTo(code: string, root: string): Promise<string | undefined> {
  const outcome = await baseOutcome(root);
  const after = parseManifest(manifestText(code));
  if (!outcome.ok || !after.ok) throw new Error("can't be read");
  const history = await outcome.value.readHistory();
  const diff = diffManifests(outcome.value.manifest, after.value, new Map(), { history });
  return diff.features[0]?.revertOf?.ref;
}
