import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { commitFiles, git, gitEnv, gitRepository } from "../../support/git-project.ts";
import { type CliResult, childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { filesIn, putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const specs = {
  "schemas/audio.feature.json": rootSpec("audio"),
  "schemas/text.feature.json": childSpec("text", ["audio"]),
};

function bumped(codeVersion: string): Record<string, string> {
  return { "schemas/audio.feature.json": rootSpec("audio", [{ key: "default", codeVersion }]) };
}

function stemma(root: string, ...args: readonly string[]): Promise<CliResult> {
  return runInTest(root, args, { env: gitEnv });
}

/** A project whose versions are committed on `main`, with a branch checked out. */
async function branchedProject(): Promise<string> {
  const root = gitRepository();
  putFiles(root, specs);
  await stemma(root, "generate");
  commitFiles(root);
  git(root, "checkout", "--quiet", "-b", "work");
  return root;
}

/** The line that a failing diff says to add, with a reason. */
function acknowledgementIn({ stderr }: CliResult): string {
  const [line = ""] = /\{ "fingerprint".*\}/.exec(stderr) ?? [];
  return line.replace("…", "The new model is worth it.");
}

describe("stemma diff", () => {
  it("compares with the merge base, so that a second edit does not hide the first", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    commitFiles(root);
    putFiles(root, bumped("3"));
    const { exitCode, stdout, stderr } = await stemma(root, "diff");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^against main \(merge base [0-9a-f]{7}\)\n1 changed directly, 1 indirectly; /);
    expect(stdout).toContain('codeVersion (default) → "3"\n');
    expect((await stemma(root, "diff", "--against", "HEAD")).stdout).toContain('codeVersion "2" → "3"\n');
  });

  it("places another hashLength at the setting, and tells the way back", async () => {
    const root = await branchedProject();
    const settings = '{\n  "project": "stemma-project",\n  "hashLength": 16\n}\n';
    putFiles(root, { "stemma.config.json": settings });
    const { stdout } = await stemma(root, "diff");
    expect(stdout).toMatch(/\n2 changed project-wide; 0 of 2 fields keep their version\n/);
    expect(stdout).toContain("[hash-length]\n  stemma.config.json:3:17\n");
    expect(stdout).toMatch(/^~ audio .* project-wide +recompute: all/m);
    expect(stdout).toMatch(
      /\nTo roll back, set hashLength to 64: rows stored under [0-9a-f]{8} and [0-9a-f]{8} count again\.\n/,
    );
    const { causes } = JSON.parse((await stemma(root, "diff", "--format", "json")).stdout);
    expect(causes).toMatchObject([{ at: { file: "stemma.config.json", line: 3, column: 17 } }]);
    const annotations = (await stemma(root, "diff", "--format", "github")).stdout;
    expect(annotations).toContain("::error file=stemma.config.json,line=3,col=17,title=hash-length::");
    expect((await stemma(root, "diff", "--format", "markdown")).stdout).toContain(
      "`hash-length` · `stemma.config.json:3:17`",
    );
    commitFiles(root);
    await stemma(root, "generate");
    commitFiles(root);
    putFiles(root, { "stemma.config.json": "{}" });
    const removed = await stemma(root, "diff", "--against", "HEAD", "--format", "json");
    expect(JSON.parse(removed.stdout).causes).toMatchObject([{ rule: "hash-length", from: "16", to: "64" }]);
    expect(JSON.parse(removed.stdout).causes[0]).not.toHaveProperty("at");
  });

  it("finds the setting in package.json", async () => {
    const root = await branchedProject();
    putFiles(root, { "package.json": '{ "name": "stemma-project", "stemma": { "hashLength": 16 } }' });
    expect((await stemma(root, "diff")).stdout).toContain("[hash-length]\n  package.json:1:55\n");
  });

  it("writes nothing", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    const before = filesIn(root);
    await stemma(root, "diff");
    await stemma(root, "diff", "--format", "markdown");
    expect(filesIn(root)).toEqual(before);
  });

  it("prints JSON in the published form", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    const { stdout } = await stemma(root, "diff", "--format", "json");
    const schema = JSON.parse(
      readFileSync(new URL("../../../schemas/diff.schema.json", import.meta.url), "utf8"),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({
      before: { ref: "main", mergeBase: expect.stringMatching(/^[0-9a-f]{7}$/) },
      totals: { features: { direct: 1, indirect: 1 } },
    });
  });

  it("annotates the edited line by its path in the repository", async () => {
    const root = gitRepository();
    const project = join(root, "data");
    putFiles(project, specs);
    await stemma(project, "generate");
    commitFiles(root);
    putFiles(project, bumped("2"));
    const env = { ...gitEnv, GITHUB_WORKSPACE: root };
    const { stdout } = await runInTest(project, ["diff", "--format", "github"], { env });
    const [, annotation] = stdout.split("\n");
    expect(annotation).toBe(
      "::notice file=data/schemas/audio.feature.json,line=22,col=24,title=code-version::audio: " +
        'The codeVersion of the field default changed from the default to "2". 1 feature affected downstream. [code-version]',
    );
  });

  it("draws a graph, and a page for a pull request", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    expect((await stemma(root, "diff", "--format", "mermaid")).stdout).toMatch(/^flowchart TD\n/);
    const { stdout } = await stemma(root, "diff", "--format", "markdown");
    expect(stdout).toMatch(/^<!-- @generated by stemma/);
    expect(stdout).toMatch(/Compared against main \(merge base [0-9a-f]{7}\)\./);
  });

  it("says nothing of a project that did not change, and passes every gate", async () => {
    const root = await branchedProject();
    const { exitCode, stdout } = await stemma(root, "diff", "--fail-on", "info");
    expect([exitCode, stdout.split("\n")[1]]).toEqual([0, "No version changed: 2 features, 2 fields"]);
  });

  it("tells what is wrong with the specs instead", async () => {
    const root = await branchedProject();
    putFiles(root, { "schemas/bad.feature.json": childSpec("bad", ["audoi"]) });
    const { exitCode, stdout, stderr } = await stemma(root, "diff");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('Did you mean "audio"?');
  });
});

describe("a gate", () => {
  it("fails on rules and severities, says what to add, and lets that pass", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    for (const failOn of ["info", "code-version", "filter,info"]) {
      expect((await stemma(root, "diff", "--fail-on", failOn)).exitCode).toBe(1);
    }
    for (const failOn of ["error", "warning", "filter"]) {
      expect((await stemma(root, "diff", "--fail-on", failOn)).exitCode).toBe(0);
    }

    const failed = await stemma(root, "diff", "--fail-on", "filter", "--fail-on", "info");
    expect(failed.exitCode).toBe(1);
    putFiles(root, { "stemma.acknowledged.json": `[${acknowledgementIn(failed)}]\n` });
    const passed = await stemma(root, "diff", "--fail-on", "info");
    expect([passed.exitCode, passed.stderr]).toEqual([0, ""]);
    expect(passed.stdout).toContain("acknowledged: The new model is worth it.");
  });

  it("knows an acknowledged change again after new commits, a rebase, and lines before it", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    const failed = await stemma(root, "diff", "--fail-on", "info");
    commitFiles(root, { "stemma.acknowledged.json": `[${acknowledgementIn(failed)}]\n` });
    git(root, "checkout", "--quiet", "main");
    commitFiles(root, { "notes.md": "Meanwhile.\n" });
    git(root, "checkout", "--quiet", "work");
    git(root, "rebase", "--quiet", "main");
    const spec = JSON.parse(bumped("2")["schemas/audio.feature.json"] ?? "");
    const longer = { description: "Sounds.", ...spec, title: "Audio" };
    commitFiles(root, { "schemas/audio.feature.json": `${JSON.stringify(longer, undefined, 4)}\n` });
    const { exitCode, stderr } = await stemma(root, "diff", "--fail-on", "code-version");
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("tells acknowledgements of what is no longer a change, and mistakes with their place", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    const line = acknowledgementIn(await stemma(root, "diff", "--fail-on", "info"));
    putFiles(root, { ...specs, "stemma.acknowledged.json": `[${line}]\n` });
    const unused = await stemma(root, "diff");
    expect(unused.exitCode).toBe(0);
    expect(unused.stderr).toMatch(/^stemma\.acknowledged\.json:1:2: warning: .*is not part of this diff/);

    putFiles(root, { "stemma.acknowledged.json": `[${line.replace("reason", "raeson")}]\n` });
    const wrong = await stemma(root, "diff");
    expect([wrong.exitCode, wrong.stdout]).toEqual([1, ""]);
    expect(wrong.stderr).toContain('Did you mean "reason"?');
  });

  it("stands in the settings, and the command line replaces it", async () => {
    const root = await branchedProject();
    const settings = { diff: { failOn: ["code-version"], acknowledgements: "signed.json" } };
    putFiles(root, { ...bumped("2"), "stemma.config.json": JSON.stringify(settings) });
    const failed = await stemma(root, "diff");
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain("write this to signed.json");
    expect((await stemma(root, "diff", "--fail-on", "error")).exitCode).toBe(0);
    putFiles(root, { "signed.json": `[${acknowledgementIn(failed)}]` });
    expect((await stemma(root, "diff")).exitCode).toBe(0);
  });

  it("is never passed where the base was not found", async () => {
    const root = temporaryFolder(specs);
    await stemma(root, "generate");
    expect((await stemma(root, "diff")).exitCode).toBe(0);
    const { exitCode, stderr } = await stemma(root, "diff", "--fail-on", "error");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("--fail-on has no verdict");
  });

  it("has to exist", async () => {
    const root = await branchedProject();
    const { exitCode, stderr } = await stemma(root, "diff", "--fail-on", "eror");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "error"?');
  });
});

describe("stemma diff, outside of git", () => {
  it("compares with the last run, and says what more to compare with", async () => {
    const root = temporaryFolder({ "schemas/audio.feature.json": rootSpec("audio") });
    await stemma(root, "generate");
    const { exitCode, stdout, stderr } = await stemma(root, "diff");
    expect([exitCode, stderr]).toEqual([
      0,
      "To compare with more than the last run, commit generated/versions.json to git, or name a folder or a manifest with --against.\n",
    ]);
    expect(stdout).toContain("on disk, because this is not a git repository");
  });
});

describe("stemma generate, in git", () => {
  it("tells the differences from the merge base, and writes them down", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    commitFiles(root);
    putFiles(root, bumped("3"));
    const { stdout } = await stemma(root, "generate");
    expect(stdout).toContain('codeVersion (default) → "3"\n');
    const page = readFileSync(join(root, "generated/version-diff.md"), "utf8");
    expect(page).toContain('codeVersion (default) → "3"');
    expect((await stemma(root, "generate", "--against", "HEAD")).stdout).toContain('codeVersion "2" → "3"\n');
  });

  it("leaves the last diff as it is where no version moved", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    commitFiles(root);
    git(root, "checkout", "--quiet", "main");
    git(root, "merge", "--quiet", "work");
    const page = readFileSync(join(root, "generated/version-diff.md"), "utf8");
    await stemma(root, "generate");
    expect(readFileSync(join(root, "generated/version-diff.md"), "utf8")).toBe(page);
    expect(git(root, "status", "--porcelain")).toBe("");
  });

  it("takes the page back with the change that it told of", async () => {
    const root = await branchedProject();
    const page = join(root, "generated/version-diff.md");
    git(root, "checkout", "--quiet", "main");
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    commitFiles(root);
    git(root, "checkout", "--quiet", "-B", "work");
    for (const isCommitted of [false, true]) {
      putFiles(root, bumped("3"));
      await stemma(root, "generate");
      expect(readFileSync(page, "utf8")).toContain('"2" → "3"');
      if (isCommitted) commitFiles(root);
      git(root, "checkout", "--quiet", "main", "--", "schemas");
      expect((await stemma(root, "generate")).stdout).toContain("No version changed");
      expect(git(root, "diff", "--stat", "main")).toBe("");
    }
  });

  it("says on a page that the base does not have that a change was taken back", async () => {
    const root = await branchedProject();
    git(root, "checkout", "--quiet", "main");
    git(root, "rm", "--quiet", "generated/version-diff.md");
    commitFiles(root);
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    git(root, "checkout", "--quiet", "--", "schemas");
    await stemma(root, "generate");
    expect(readFileSync(join(root, "generated/version-diff.md"), "utf8")).toContain("**No version changed");
  });

  it("names the setting that is wrong", async () => {
    const root = await branchedProject();
    putFiles(root, { "stemma.config.json": '{ "diff": { "failOn": ["eror"] } }' });
    const { exitCode, stderr } = await stemma(root, "diff");
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'error: In the setting diff.failOn: Unknown rule or severity "eror".\n  = Did you mean "error"?\n',
    );
  });

  it("goes on where the settings name a base that is not there, and opens no gate then", async () => {
    const root = await branchedProject();
    putFiles(root, { "stemma.config.json": '{ "diff": { "against": "nope", "failOn": ["error"] } }' });
    const generated = await stemma(root, "generate");
    expect(generated.exitCode).toBe(0);
    expect(generated.stderr).toContain("The setting diff.against names no base. Unknown revision nope.");
    const result = await stemma(root, "diff");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("--fail-on has no verdict");
    expect((await stemma(root, "generate", "--against", "nope")).exitCode).toBe(2);
  });

  it("marks on the page what is acknowledged, as the diff does", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    const failing = await stemma(root, "diff", "--fail-on", "code-version");
    const file = failing.stderr.slice(failing.stderr.indexOf("\n[\n")).replace("…", "agreed");
    putFiles(root, { "stemma.acknowledged.json": file });
    await stemma(root, "generate");
    const { stdout } = await stemma(root, "diff", "--format", "markdown");
    expect(stdout).toContain("acknowledged");
    expect(readFileSync(join(root, "generated/version-diff.md"), "utf8")).toBe(stdout);
  });

  it("solves a conflict in what it wrote", async () => {
    const root = await branchedProject();
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    commitFiles(root);
    git(root, "checkout", "--quiet", "-b", "other", "main");
    putFiles(root, { "schemas/more.feature.json": childSpec("more", ["audio"]) });
    await stemma(root, "generate");
    commitFiles(root);
    expect(() => git(root, "merge", "work")).toThrow("git merge work");
    expect(readFileSync(join(root, "generated/version-diff.md"), "utf8")).toContain("<<<<<<<");

    expect((await stemma(root, "generate", "--against", "main")).exitCode).toBe(0);
    const page = readFileSync(join(root, "generated/version-diff.md"), "utf8");
    expect(page).not.toContain("<<<<<<<");
    expect(page).toContain('codeVersion (default) → "2"');
    expect((await stemma(root, "generate", "--check")).exitCode).toBe(0);
  });

  it("tells only what is new here while main is merged in", async () => {
    const root = await branchedProject();
    putFiles(root, { "schemas/more.feature.json": childSpec("more", ["audio"]) });
    await stemma(root, "generate");
    commitFiles(root);
    git(root, "checkout", "--quiet", "main");
    putFiles(root, bumped("2"));
    await stemma(root, "generate");
    commitFiles(root);
    git(root, "checkout", "--quiet", "work");
    expect(() => git(root, "merge", "main")).toThrow("git merge main");

    const { stdout } = await stemma(root, "generate");
    expect(stdout).toMatch(/\n1 added, 2 unchanged; 2 of 2 fields keep their version\n/);
    commitFiles(root);
    expect((await stemma(root, "generate")).stdout).toBe(stdout);
    expect(git(root, "status", "--porcelain")).toBe("");
  });

  it("checks without looking at the base", async () => {
    const root = await branchedProject();
    putFiles(root, { "generated/version-diff.md": "Somebody's own.\n" });
    expect((await stemma(root, "generate", "--check")).exitCode).toBe(0);
    const { exitCode, stderr } = await stemma(root, "generate", "--check", "--against", "main");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("'--check' cannot be used with option '--against <base>'");
  });

  it("does not overwrite a page of somebody else", async () => {
    const root = await branchedProject();
    putFiles(root, { ...bumped("2"), "generated/version-diff.md": "Somebody's own.\n" });
    const { exitCode, stderr } = await stemma(root, "generate");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("generated/version-diff.md was not generated by stemma");
  });
});
