import { resolve } from "node:path";
import type { CliIo } from "../cli/cli-io.ts";
import type { Problem } from "../project/output/index.ts";
import { type Git, type GitRun, gitIn } from "./run-git.ts";

/** The git repository in which a project lies. */
export interface Repository {
  /** Git in the folder of the project, so that `./` in its arguments stands for that folder. */
  readonly git: Git;
  /** Its history is cut off. */
  readonly isShallow: boolean;
  /** The commit that is checked out, abbreviated; absent before the first one. */
  readonly head?: string;
}

/** What became of the search for a repository. */
export type RepositorySearch =
  | { readonly kind: "repository"; readonly repository: Repository }
  /** There is none, or there is no git. `reason` as words in a sentence. */
  | { readonly kind: "none"; readonly reason: string }
  /** There is one, and git refuses it. */
  | { readonly kind: "refused"; readonly problem: Problem };

/**
 * Finds the repository of a project.
 *
 * The one around its folder goes before one that the environment names: git sets `GIT_DIR` for hooks, where it would
 * make any folder a work tree.
 */
export async function findRepository(
  root: string,
  { cwd, env }: Pick<CliIo, "cwd" | "env">,
): Promise<RepositorySearch> {
  const { GIT_DIR: named, GIT_WORK_TREE: workTree, GIT_INDEX_FILE: _, GIT_PREFIX: __, ...others } = env;
  const enclosing = await inspectRepository(gitIn(root, others));
  if (enclosing.kind !== "none" || named === undefined) return enclosing;
  const absolute = { GIT_DIR: resolve(cwd, named), GIT_WORK_TREE: resolve(cwd, workTree ?? ".") };
  return inspectRepository(gitIn(root, { ...others, ...absolute }));
}

async function inspectRepository(git: Git): Promise<RepositorySearch> {
  const run = await git([
    "rev-parse",
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--short",
    "--verify",
    "--quiet",
    "HEAD",
  ]);
  if (run.exitCode === undefined) return { kind: "none", reason: "git is not installed" };
  const [isInside, isShallow, head] = linesOf(run);
  if (isInside === undefined || (run.exitCode !== 0 && run.stderr !== "")) {
    return /not a git repository/.test(run.stderr)
      ? { kind: "none", reason: "this is no git repository" }
      : { kind: "refused", problem: explainFailure(run) };
  }
  if (isInside === "false") return { kind: "none", reason: "this is no work tree of git" };
  const repository = { git, isShallow: isShallow === "true", ...(head === undefined ? {} : { head }) };
  return { kind: "repository", repository };
}

/** The output of git, line by line, without empty lines. */
export function linesOf({ stdout }: GitRun): string[] {
  return stdout
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

/** What git says, and a way to mend it or to go on without. */
export function explainFailure({ stderr }: GitRun): Problem {
  const reason = /^(?:fatal|error): (.*)/m.exec(stderr)?.[1] ?? (stderr.trim() || "it failed without a word");
  const trustCommand = /git config --global --add safe\.directory .+/.exec(stderr)?.[0];
  return {
    message: `Git can't be asked: ${reason}.`,
    hint:
      trustCommand === undefined
        ? "Fix that, or name a folder or a versions.json with --against."
        : `If you trust its owner, run \`${trustCommand}\`.`,
  };
}

/** A commit as short as git would write it. */
export function shortCommit({ head }: Repository, commit: string): string {
  return commit.slice(0, head?.length ?? 7);
}
