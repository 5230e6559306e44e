import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  baseIn,
  commitCode,
  commitFiles,
  git,
  gitRepository,
  manifestText,
} from "../../support/git-project.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const plain = { isFallback: false, warnings: [] };

describe("the base that nobody named", () => {
  it("is the last commit on the default branch", async () => {
    const root = gitRepository();
    const commit = commitCode(root, "1");
    putFiles(root, { "generated/versions.json": manifestText("2") });
    expect(await baseIn(root)).toEqual({
      code: "1",
      description: `against main (merge base ${commit})`,
      origin: { ref: "main", mergeBase: commit },
      ...plain,
    });
  });

  it("is the merge base elsewhere, so that a second edit does not hide the first", async () => {
    const root = gitRepository();
    const start = commitCode(root, "1");
    git(root, "switch", "--quiet", "--create", "mine");
    commitCode(root, "2");
    git(root, "switch", "--quiet", "main");
    commitCode(root, "3");
    git(root, "switch", "--quiet", "mine");
    expect(await baseIn(root)).toEqual({
      code: "1",
      description: `against main (merge base ${start})`,
      origin: { ref: "main", mergeBase: start },
      ...plain,
    });
  });

  it("is the last commit before the first edit on a new branch", async () => {
    const root = gitRepository();
    const mergeBase = commitCode(root, "1");
    git(root, "switch", "--quiet", "--create", "mine");
    expect(await baseIn(root)).toMatchObject({ code: "1", origin: { ref: "main", mergeBase }, ...plain });
  });

  it("is the default branch of the remote before a local one, whatever its name", async () => {
    const remote = gitRepository("--initial-branch=trunk");
    const start = commitCode(remote, "1");
    const root = cloneOf(remote);
    git(root, "switch", "--quiet", "--create", "main");
    commitCode(root, "2");
    expect(await baseIn(root)).toMatchObject({
      code: "1",
      description: `against origin/trunk (merge base ${start})`,
      ...plain,
    });
  });

  it("prefers origin among remotes", async () => {
    const [mine, theirs] = [gitRepository(), gitRepository()];
    commitCode(mine, "1");
    commitCode(theirs, "9");
    const root = cloneOf(mine);
    git(root, "remote", "add", "aaa", theirs);
    git(root, "fetch", "--quiet", "aaa");
    git(root, "remote", "set-head", "aaa", "--auto");
    commitCode(root, "2");
    expect(await baseIn(root)).toMatchObject({ code: "1", origin: { ref: "origin/main" } });
  });

  it("takes origin/main where the remote does not tell its default", async () => {
    const remote = gitRepository();
    commitCode(remote, "1");
    git(remote, "branch", "feature/main");
    const root = cloneOf(remote);
    git(root, "remote", "set-head", "origin", "--delete");
    commitCode(root, "2");
    expect(await baseIn(root)).toMatchObject({ code: "1", origin: { ref: "origin/main" } });
  });

  it("takes the local branch that git is set to begin with", async () => {
    const root = gitRepository("--initial-branch=trunk");
    commitCode(root, "1");
    git(root, "switch", "--quiet", "--create", "mine");
    commitCode(root, "2");
    const env = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "init.defaultBranch",
      GIT_CONFIG_VALUE_0: "trunk",
    };
    expect(await baseIn(root, undefined, { env })).toMatchObject({ code: "1", origin: { ref: "trunk" } });
  });

  it("takes a branch that stands alone for the default, and says so where it can't tell", async () => {
    const root = gitRepository("--initial-branch=trunk");
    commitCode(root, "1");
    expect(await baseIn(root)).toMatchObject({ code: "1", origin: { ref: "trunk" }, ...plain });
    git(root, "switch", "--quiet", "--create", "mine");
    expect(await baseIn(root)).toMatchObject({
      code: "1",
      description: "against HEAD",
      isFallback: true,
      warnings: [
        {
          message:
            "No default branch was found: compared with HEAD, so the diff omits what is committed already.",
          hint: "Name a branch with --against.",
        },
      ],
    });
  });

  it("does not take the only branch that was fetched for the default", async () => {
    const remote = gitRepository("--initial-branch=main");
    commitCode(remote, "1");
    git(remote, "switch", "--quiet", "--create", "work");
    commitCode(remote, "2");
    const root = temporaryFolder();
    git(root, "init", "--quiet");
    git(root, "remote", "add", "origin", remote);
    git(root, "fetch", "--quiet", "origin", "+refs/heads/work:refs/remotes/origin/work");
    for (const checkout of [
      ["--detach", "origin/work"],
      ["--quiet", "-B", "work", "origin/work"],
    ]) {
      git(root, "checkout", "--quiet", ...checkout);
      expect(await baseIn(root)).toMatchObject({ description: "against HEAD", isFallback: true });
    }
    git(root, "checkout", "--quiet", "--detach");
    git(root, "branch", "--quiet", "--delete", "--remotes", "origin/work");
    expect(await baseIn(root)).toMatchObject({ description: "against HEAD", isFallback: true });
  });

  it("is HEAD where the default branch has another history", async () => {
    const root = gitRepository();
    commitCode(root, "1");
    git(root, "switch", "--quiet", "--orphan", "other");
    commitCode(root, "2");
    const base = await baseIn(root);
    expect(base).toMatchObject({ code: "2", isFallback: true });
    expect(base.warnings[0]?.message).toMatch(/^HEAD and main have no commit in common: compared with HEAD/);
  });
});

describe("the base of a pull request on GitHub", () => {
  const env = { GITHUB_BASE_REF: "release/1", GITHUB_ACTIONS: "true" };

  it("is the merge base with the branch that it goes into", async () => {
    const remote = pullRequest();
    const root = cloneOf(remote);
    git(root, "checkout", "--quiet", "--detach", "origin/pull");
    const merge = git(remote, "rev-parse", "--short", "release/1");
    expect(await baseIn(root, undefined, { env })).toEqual({
      code: "1",
      description: `against origin/release/1 (merge base ${merge})`,
      origin: { ref: "origin/release/1", mergeBase: merge },
      ...plain,
    });
  });

  it("tells how to fetch the branch into which a pull request goes", async () => {
    const root = cloneOf(pullRequest());
    const { warnings } = await baseIn(root, undefined, { env: { GITHUB_BASE_REF: "release/2" } });
    expect(warnings).toMatchObject([
      { hint: "Fetch it: `git fetch origin release/2:refs/remotes/origin/release/2`." },
    ]);
  });

  it("is HEAD in a shallow checkout, which tells how to get the history", async () => {
    const root = temporaryFolder();
    git(root, "init", "--quiet");
    git(root, "fetch", "--quiet", "--depth=1", `file://${pullRequest()}`, "pull");
    git(root, "checkout", "--quiet", "--detach", "FETCH_HEAD");
    expect(await baseIn(root, undefined, { env })).toEqual({
      code: "2",
      description: "against HEAD",
      origin: { ref: "HEAD" },
      isFallback: true,
      warnings: [
        {
          message:
            "This clone lacks release/1, the target of the pull request: compared with HEAD, so the diff omits what is committed already.",
          hint: "Fetch the history: `git fetch --unshallow`, or in GitHub Actions `fetch-depth: 0` for actions/checkout.",
        },
      ],
    });
  });

  function pullRequest(): string {
    const remote = gitRepository();
    commitCode(remote, "0");
    git(remote, "switch", "--quiet", "--create", "release/1");
    commitCode(remote, "1");
    git(remote, "switch", "--quiet", "--create", "pull");
    commitCode(remote, "2");
    return remote;
  }
});

describe("the base in a shallow clone", () => {
  it("is HEAD with a warning where the merge base is cut off", async () => {
    const remote = gitRepository();
    commitCode(remote, "1");
    git(remote, "switch", "--quiet", "--create", "mine");
    commitCode(remote, "2");
    git(remote, "switch", "--quiet", "main");
    const root = cloneOf(`file://${remote}`, "--depth=1", "--no-single-branch", "--branch=mine");
    const base = await baseIn(root);
    expect(base).toMatchObject({ code: "2", description: "against HEAD", isFallback: true });
    expect(base.warnings[0]?.message).toMatch(
      /^The clone is shallow and lacks the merge base with origin\/main: /,
    );
    git(root, "fetch", "--quiet", "--unshallow");
    expect(await baseIn(root)).toMatchObject({ code: "1", ...plain });
  });

  it("is the last commit as ever on the default branch", async () => {
    const remote = gitRepository();
    commitCode(remote, "1");
    commitCode(remote, "2");
    const root = cloneOf(`file://${remote}`, "--depth=1");
    expect(await baseIn(root)).toMatchObject({ code: "2", origin: { ref: "origin/main" }, ...plain });
  });
});

describe("the base without a commit that git could give", () => {
  const asRecorded = (reason: string) => `against generated/versions.json on disk, because ${reason}`;

  it("is the manifest of the last run outside of git", async () => {
    const root = temporaryFolder({ "generated/versions.json": manifestText("1") });
    expect(await baseIn(root)).toEqual({
      code: "1",
      description: asRecorded("this is not a git repository"),
      origin: { ref: "generated/versions.json" },
      isFallback: true,
      warnings: [],
    });
  });

  it("is the manifest of the last run without git", async () => {
    const root = gitRepository();
    commitCode(root, "1");
    expect(await baseIn(root, undefined, { env: { PATH: temporaryFolder() } })).toMatchObject({
      code: "1",
      description: asRecorded("git is not installed"),
    });
  });

  it("is the manifest of the last run before the first commit", async () => {
    const root = gitRepository();
    putFiles(root, { "generated/versions.json": manifestText("1") });
    expect(await baseIn(root)).toMatchObject({
      code: "1",
      description: asRecorded("nothing is committed yet"),
    });
  });

  it.each(["generated/\n", "*\n"])(
    "is the manifest of the last run where git ignores %j",
    async (ignored) => {
      const root = gitRepository();
      commitFiles(root, { "README.md": "", ".gitignore": ignored });
      putFiles(root, { "generated/versions.json": manifestText("1") });
      expect(await baseIn(root)).toMatchObject({
        code: "1",
        description: asRecorded("git does not track it"),
      });
    },
  );

  it("is the manifest of the last run where git does not trust the repository, and says how it would", async () => {
    const root = gitRepository();
    commitCode(root, "1");
    const base = await baseIn(root, undefined, { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" } });
    expect(base).toMatchObject({
      code: "1",
      description: asRecorded("git failed"),
      isFallback: true,
    });
    expect(base.warnings[0]?.message).toMatch(/^Git failed: detected dubious ownership in repository/);
    expect(base.warnings[0]?.hint).toMatch(/^If you trust its owner, run `git config --global --add safe/);
  });

  it("is nothing where that manifest is not there or spoilt", async () => {
    const root = temporaryFolder();
    expect(await baseIn(root)).toMatchObject({
      code: undefined,
      description:
        "against nothing: generated/versions.json does not exist, and this is not a git repository",
      warnings: [],
    });
    putFiles(root, { "generated/versions.json": "<<<<<<< HEAD\n" });
    expect((await baseIn(root)).warnings).toEqual([
      {
        message:
          "No versions to compare with: generated/versions.json can't be read, it holds an unresolved merge conflict.",
      },
    ]);
  });
});

describe("the base at a commit without versions", () => {
  it("is nothing, so that all is new where a branch brings the project", async () => {
    const root = gitRepository();
    const start = commitFiles(root, { "README.md": "" });
    git(root, "switch", "--quiet", "--create", "mine");
    commitCode(root, "1");
    expect(await baseIn(root)).toMatchObject({
      code: undefined,
      description: `against main (merge base ${start}), which has no generated/versions.json`,
      ...plain,
    });
  });

  it("is nothing where its manifest can't be read, with a warning, so that generating goes on", async () => {
    const root = gitRepository();
    const commit = commitFiles(root, { "generated/versions.json": '{ "manifestVersion": 0 }' });
    expect(await baseIn(root)).toMatchObject({
      code: undefined,
      description: expect.stringMatching(
        /^against main \(.*\), whose generated\/versions\.json can't be read$/,
      ),
      isFallback: true,
      warnings: [
        {
          message: `No versions to compare with: generated/versions.json at ${commit} can't be read, its manifestVersion is 0, and this version of stemma reads 1.`,
        },
      ],
    });
  });

  it.each([
    ["stemma.config.json", '{ "generated": "src/gen" }'],
    ["package.json", '{ "name": "a", "stemma": { "generated": "./src/gen/" } }'],
  ])("is in the output folder of then, by %s of then", async (file, text) => {
    const root = gitRepository();
    commitFiles(root, { [file]: text, "src/gen/versions.json": manifestText("1") });
    rmSync(join(root, file));
    putFiles(root, { "generated/versions.json": manifestText("2") });
    expect(await baseIn(root)).toMatchObject({ code: "1", origin: { ref: "main" } });
  });
});

describe("the base of a project in an odd place", () => {
  it.each(["packages/sounds", "Töne & Bilder/[a] *", "-x"])(
    "is that of its folder in the repository: %s",
    async (project) => {
      const root = gitRepository();
      commitCode(root, "9");
      const start = commitCode(root, "1", `${project}/generated/versions.json`);
      git(root, "switch", "--quiet", "--create", "mine");
      commitCode(root, "2", `${project}/generated/versions.json`);
      expect(await baseIn(root, undefined, { project })).toMatchObject({
        code: "1",
        description: `against main (merge base ${start})`,
      });
    },
  );

  it("is found from a work tree beside the repository, and through a symbolic link", async () => {
    const root = gitRepository();
    commitCode(root, "1", "sub/generated/versions.json");
    const outside = temporaryFolder();
    git(root, "worktree", "add", "--quiet", "-b", "mine", join(outside, "tree"));
    commitCode(join(outside, "tree"), "2", "sub/generated/versions.json");
    symlinkSync(join(outside, "tree/sub"), join(outside, "link"));
    for (const project of ["tree/sub", "link"]) {
      expect(await baseIn(outside, undefined, { project })).toMatchObject({ code: "1" });
    }
  });

  it("is found where the output folder is a link within the repository", async () => {
    const root = gitRepository();
    putFiles(root, { "project/README.md": "" });
    symlinkSync("../shared", join(root, "project/generated"));
    commitCode(root, "1", "shared/versions.json");
    putFiles(root, { "shared/versions.json": manifestText("2") });
    expect(await baseIn(root, undefined, { project: "project" })).toMatchObject({ code: "1" });
  });

  it("is that of a submodule, not of what is around it", async () => {
    const [inner, outer] = [gitRepository(), gitRepository()];
    commitCode(inner, "1");
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "sub");
    commitCode(outer, "9");
    putFiles(outer, { "sub/generated/versions.json": manifestText("2") });
    expect(await baseIn(outer, undefined, { project: "sub" })).toMatchObject({ code: "1" });
  });

  it("is that of its own repository in a hook of git, for which git names one by environment", async () => {
    const root = gitRepository();
    commitCode(root, "9");
    commitCode(root, "1", "sub/generated/versions.json");
    for (const named of [".git", join(root, ".git")]) {
      const env = { GIT_DIR: named, GIT_INDEX_FILE: `${named}/index` };
      expect(await baseIn(root, undefined, { project: "sub", cwd: root, env })).toMatchObject({
        code: "1",
        origin: { ref: "main" },
      });
    }
  });

  it("is that of the repository which the environment names where there is none around", async () => {
    const root = temporaryFolder();
    const bare = join(temporaryFolder(), "dots.git");
    git(root, "init", "--quiet", "--bare", bare);
    putFiles(root, { "sub/generated/versions.json": manifestText("1") });
    git(root, `--git-dir=${bare}`, `--work-tree=${root}`, "add", "sub");
    git(root, `--git-dir=${bare}`, `--work-tree=${root}`, "commit", "--quiet", "--message=Add");
    putFiles(root, { "sub/generated/versions.json": manifestText("2") });
    const env = { GIT_DIR: bare, GIT_WORK_TREE: root };
    expect(await baseIn(root, undefined, { project: "sub", env })).toMatchObject({ code: "1" });
  });

  it("is read with the line ends of Windows, and in a repository with longer ids", async () => {
    const root = gitRepository("--object-format=sha256");
    commitFiles(root, { "generated/versions.json": manifestText("1").replaceAll("\n", "\r\n") });
    expect(await baseIn(root)).toMatchObject({ code: "1", origin: { ref: "main" } });
  });
});

function cloneOf(remote: string, ...options: readonly string[]): string {
  const root = join(temporaryFolder(), "clone");
  git("/", "clone", "--quiet", ...options, remote, root);
  return root;
}
