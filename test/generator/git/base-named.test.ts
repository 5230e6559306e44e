import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  baseIn,
  commitCode,
  commitFiles,
  git,
  gitRepository,
  importCommits,
  manifestText,
  problemIn,
} from "../../support/git-project.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const plain = { isFallback: false, warnings: [] };

describe("a base that is named by a ref", () => {
  it("is the merge base with a branch, so that what others merged does not show", async () => {
    const { root, start } = forked();
    for (const name of ["main", "refs/heads/main", "@{-1}"]) {
      expect(await baseIn(root, name)).toEqual({
        code: "1",
        description: `against ${name} (merge base ${start})`,
        origin: { ref: name, mergeBase: start },
        ...plain,
      });
    }
  });

  it("is the commit of a tag or of an expression, and of a branch by its commit", async () => {
    const { root, start, main } = forked();
    git(root, "tag", "v1", start);
    git(root, "tag", "--annotate", "--message=Two", "v2", main);
    expect(await baseIn(root, "v1")).toEqual({
      code: "1",
      description: `against v1 (${start})`,
      origin: { ref: "v1" },
      ...plain,
    });
    expect(await baseIn(root, "v2")).toMatchObject({ code: "3", description: `against v2 (${main})` });
    expect(await baseIn(root, "HEAD~1")).toMatchObject({
      code: "1",
      description: `against HEAD~1 (${start})`,
    });
    expect(await baseIn(root, main)).toMatchObject({ code: "3", description: `against ${main}` });
    expect(await baseIn(root, "HEAD")).toMatchObject({ code: "2", description: "against HEAD" });
  });

  it("is the merge base with a branch that only the remote has", async () => {
    const { root: remote, start } = forked();
    const root = join(temporaryFolder(), "clone");
    git("/", "clone", "--quiet", remote, root);
    expect(await baseIn(root, "main")).toMatchObject({
      code: "1",
      description: `against origin/main (merge base ${start})`,
    });
  });

  it("is a tag where a branch has the same name, and says so", async () => {
    const { root, main } = forked();
    git(root, "tag", "main", main);
    expect(await baseIn(root, "main")).toMatchObject({
      code: "3",
      warnings: [
        {
          message: "main is a tag and a branch; the tag is used.",
          hint: "For the branch, name refs/heads/main.",
        },
      ],
    });
  });

  it("is nothing at a commit without versions", async () => {
    const root = gitRepository();
    const start = commitFiles(root, { "README.md": "" });
    commitCode(root, "1");
    expect(await baseIn(root, "HEAD~1")).toMatchObject({
      code: undefined,
      description: `against HEAD~1 (${start}), which has no generated/versions.json`,
      ...plain,
    });
  });

  it.each([
    ["mian", "Did you mean main?"],
    ["mine...main", "Name one commit, not a range."],
    ["HEAD~9", "`git log --oneline` lists the commits."],
    ["0123456789", "`git log --oneline` lists the commits."],
    ["elsewhere", "`git branch` lists the branches, `git tag` the tags."],
    ["--all", "`git branch` lists the branches, `git tag` the tags."],
    ["^mine", "Did you mean mine?"],
  ])("must be known: %s", async (name, hint) => {
    const message = `Unknown revision ${name}. No file or folder has that name either.`;
    expect(await problemIn(forked().root, name)).toBe(`${message}\n${hint}`);
  });

  it("must have a history in common with HEAD", async () => {
    const { root } = forked();
    git(root, "switch", "--quiet", "--orphan", "other");
    commitCode(root, "4");
    expect(await problemIn(root, "main")).toMatchInlineSnapshot(`
      "HEAD and main have no commit in common.
      To compare with the branch as it is, name its commit: --against $(git rev-parse main)"
    `);
  });

  it("must be in a clone of a single branch, or be fetched", async () => {
    const { root: remote } = forked();
    const root = join(temporaryFolder(), "clone");
    git("/", "clone", "--quiet", "--depth=1", `file://${remote}`, root);
    expect(await problemIn(root, "main")).toMatchInlineSnapshot(`
      "Unknown revision main. No file or folder has that name either.
      If it is a branch of origin, fetch it: \`git fetch --unshallow origin main:refs/remotes/origin/main\`."
    `);
    git(root, "fetch", "--quiet", "--unshallow", "origin", "main:refs/remotes/origin/main");
    expect(await baseIn(root, "main")).toMatchObject({ code: "1" });
  });

  it("must have its merge base in a shallow clone", async () => {
    const { root: remote } = forked();
    const root = join(temporaryFolder(), "clone");
    git("/", "clone", "--quiet", "--depth=1", "--no-single-branch", `file://${remote}`, root);
    expect(await problemIn(root, "main")).toMatchInlineSnapshot(`
      "The clone is shallow and lacks the merge base with origin/main.
      Fetch the history: \`git fetch --unshallow\`, or in GitHub Actions \`fetch-depth: 0\` for actions/checkout."
    `);
  });

  it.each([
    ["<<<<<<< HEAD\n", "it holds an unresolved merge conflict.\nGenerate it again in that state"],
    ["{}", 'it has no "manifestVersion".\nGenerate it again in that state'],
    [
      '{ "manifestVersion": 99 }',
      "its manifestVersion is 99, and this version of stemma reads 1.\nUpdate stemma here",
    ],
    [
      '{ "manifestVersion": 0 }',
      "its manifestVersion is 0, and this version of stemma reads 1.\nGenerate that state again with this version of stemma",
    ],
  ])("must have a manifest that can be read, not %j", async (text, explained) => {
    const root = gitRepository();
    commitFiles(root, { "generated/versions.json": text });
    git(root, "tag", "v1");
    commitCode(root, "1");
    expect(await problemIn(root, "v1")).toBe(
      `generated/versions.json at v1 can't be read: ${explained}, or name another base with --against.`,
    );
  });

  it("must not be the beginning of several commits", async () => {
    const root = gitRepository();
    importCommits(root, Array<Record<string, string>>(2000).fill({}));
    const prefixes = git(root, "log", "--format=%H")
      .split("\n")
      .map((id) => id.slice(0, 4));
    const name = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index);
    expect(await problemIn(root, name)).toBe(`Several commits begin with ${name}.\nWrite more of it.`);
  });

  it("needs git", async () => {
    expect(await problemIn(temporaryFolder(), "main")).toMatchInlineSnapshot(`
      "main is not a file or folder, and not a revision either: this is not a git repository.
      Name the folder of a project or a versions.json."
    `);
    expect(await problemIn(temporaryFolder(), "")).toMatchInlineSnapshot(`
      "--against is empty.
      Name a branch, a tag, a commit, the folder of a project or a versions.json."
    `);
  });
});

describe("a base that is named by a path", () => {
  it("is a manifest", async () => {
    const root = temporaryFolder({ "old.json": manifestText("1") });
    expect(await baseIn(root, "old.json")).toEqual({
      code: "1",
      description: "against old.json",
      origin: { ref: "old.json" },
      ...plain,
    });
  });

  it("is a project, its output folder, or one with its own settings", async () => {
    const root = temporaryFolder({
      "a/generated/versions.json": manifestText("1"),
      "b/package.json": '{ "stemma": { "generated": "src/gen" } }',
      "b/src/gen/versions.json": manifestText("2"),
      "c/out/versions.json": manifestText("3"),
    });
    const config = { generated: "out" };
    expect(await baseIn(root, "./a/generated/")).toMatchObject({
      code: "1",
      description: "against ./a/generated/versions.json",
      origin: { ref: "./a/generated/" },
    });
    expect(await baseIn(root, "a", { config })).toMatchObject({ code: "1" });
    expect(await baseIn(root, join(root, "b"))).toMatchObject({ code: "2" });
    expect(await baseIn(root, "c", { config })).toMatchObject({
      code: "3",
      description: "against c/out/versions.json",
    });
  });

  it("is looked for where the command was started, then in the project", async () => {
    const root = temporaryFolder({ "old.json": manifestText("1"), "p/old.json": manifestText("2") });
    expect(await baseIn(root, "old.json", { project: "p", cwd: root })).toMatchObject({ code: "1" });
    expect(await baseIn(root, "old.json", { project: "p", cwd: temporaryFolder() })).toMatchObject({
      code: "2",
    });
  });

  it("goes before a ref only where it is written as a path", async () => {
    const { root } = forked();
    git(root, "branch", "old.json");
    putFiles(root, { "main/versions.json": manifestText("7"), "old.json": manifestText("8") });
    expect(await baseIn(root, "./main")).toMatchObject({ code: "7", ...plain });
    expect(await baseIn(root, "old.json")).toMatchObject({ code: "8", ...plain });
    expect(await baseIn(root, "main")).toMatchObject({
      code: "1",
      warnings: [
        {
          message: "main is a revision and also a folder; the revision is used.",
          hint: "For the folder, name ./main.",
        },
      ],
    });
  });

  it("needs no ref to be found", async () => {
    const { root } = forked();
    putFiles(root, { "other/versions.json": manifestText("7") });
    expect(await baseIn(root, "other")).toMatchObject({ code: "7", ...plain });
  });

  it("must be there, with versions that can be read", async () => {
    const root = temporaryFolder({ "a/README.md": "", "old.json": "{}", "b/generated": "" });
    expect(await problemIn(root, "../nowhere")).toMatchInlineSnapshot(`
      "The file or folder ../nowhere does not exist.
      Name a branch, a tag, a commit, the folder of a project or a versions.json."
    `);
    expect(await problemIn(root, "./a")).toMatchInlineSnapshot(`
      "./a holds no versions: it lacks generated/versions.json and versions.json.
      Name the folder of a project for which \`stemma generate\` has run, or a versions.json."
    `);
    expect(await problemIn(root, "b")).toContain("b holds no versions");
    expect(await problemIn(root, "old.json")).toMatchInlineSnapshot(`
      "old.json can't be read: it has no "manifestVersion".
      Generate it again in that state, or name another base with --against."
    `);
  });
});

/** A branch `mine` from `start`, and a `main` that went on. */
function forked() {
  const root = gitRepository();
  const start = commitCode(root, "1");
  const main = commitCode(root, "3");
  git(root, "switch", "--quiet", "--create", "mine", start);
  commitCode(root, "2");
  git(root, "switch", "--quiet", "main");
  git(root, "switch", "--quiet", "mine");
  return { root, start, main };
}
