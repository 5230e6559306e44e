import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { CliError } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { kindOf } from "../project/files/walk-folder.ts";
import { type Git, type GitRun, gitIn } from "./run-git.ts";

/** The git repository in which a project lies. */
export interface Repository {
  /** Git in the folder of the project, so that `./` in its arguments is that folder. */
  readonly git: Git;
  /** The clone lacks a part of its history. */
  readonly isShallow: boolean;
  /** The abbreviated commit that is checked out; absent before the first one. */
  readonly head?: string;
}

/** The parts of the process that git depends on. */
export interface ProcessContext {
  /** The working directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Why a project has no repository. */
export interface NoRepository {
  /** As words in a sentence. */
  readonly reason: string;
  /** What git reports, if it refuses an existing repository. */
  readonly refusal?: CliError;
}

/**
 * Finds the repository of a project.
 *
 * The one around its folder goes before one that the environment names: git sets `GIT_DIR` for hooks, which would make any
 * folder a work tree.
 */
export async function findRepository(
  root: string,
  { cwd, env }: ProcessContext,
): Promise<Result<Repository, NoRepository>> {
  const { GIT_DIR: named, GIT_WORK_TREE: workTree, GIT_INDEX_FILE: _, GIT_PREFIX: __, ...others } = env;
  const enclosing = await inspectRepository(gitIn(root, others));
  if (enclosing.ok || enclosing.errors[0].refusal !== undefined || named === undefined) return enclosing;
  const absolute = { GIT_DIR: resolve(cwd, named), GIT_WORK_TREE: resolve(cwd, workTree ?? ".") };
  return inspectRepository(gitIn(root, { ...others, ...absolute }));
}

async function inspectRepository(git: Git): Promise<Result<Repository, NoRepository>> {
  const run = await git([
    "rev-parse",
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--short",
    "--verify",
    "--quiet",
    "HEAD",
  ]);
  if (run.exitCode === undefined) return fail({ reason: "git is not installed" });
  const [isInside, isShallow, head] = linesOf(run);
  if (isInside === undefined || (run.exitCode !== 0 && run.stderr !== "")) {
    return /not a git repository/.test(run.stderr)
      ? fail({ reason: "this is not a git repository" })
      : fail({ reason: "git failed", refusal: explainFailure(run) });
  }
  if (isInside === "false") return fail({ reason: "this is not a git work tree" });
  return ok({ git, isShallow: isShallow === "true", ...(head === undefined ? {} : { head }) });
}

/** The output of git, line by line, without empty lines. */
export function linesOf({ stdout }: GitRun): string[] {
  return stdout
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

/** What git reports, and how to fix it or to continue without it. */
export function explainFailure({ stderr }: GitRun): CliError {
  const reason = /^(?:fatal|error): (.*)/m.exec(stderr)?.[1] ?? (stderr.trim() || "no message");
  const trustCommand = /git config --global --add safe\.directory .+/.exec(stderr)?.[0];
  return {
    code: "git-failed",
    message: `Git failed: ${reason}.`,
    hint:
      trustCommand === undefined
        ? "Fix that, or name a folder or a versions.json with --against."
        : `If you trust its owner, run \`${trustCommand}\`.`,
  };
}

/** A commit id, abbreviated as git does. */
export function shortCommit({ head }: Repository, commit: string): string {
  return commit.slice(0, head?.length ?? 7);
}

/**
 * Finds the path of a folder, which need not exist, in its git repository, with `/`. Empty at the top of the repository,
 * and without one.
 */
export async function findInRepository(root: string, context: ProcessContext): Promise<string> {
  const steps: string[] = [];
  let existing = root;
  while (kindOf(existing) !== "folder" && existing !== dirname(existing)) {
    steps.unshift(basename(existing));
    existing = dirname(existing);
  }
  const found = await findRepository(await realpath(existing), context);
  if (!found.ok) return "";
  const [prefix = ""] = linesOf(await found.value.git(["rev-parse", "--show-prefix"]));
  return [...prefix.split("/"), ...steps].filter((step) => step !== "").join("/");
}

/**
 * Finds the installed package from a folder of a repository: in it, or in a parent, as in a workspace. Without one, it
 * returns where it will be installed.
 */
export function findInstalled(root: string, folder: string): string {
  const parents = folder === "" ? [] : folder.split("/").map((_, index) => "../".repeat(index + 1));
  const found = ["", ...parents].find((prefix) => kindOf(join(root, prefix, installed)) !== "missing");
  return (found ?? "") + installed;
}

const installed = "node_modules/stemma";
