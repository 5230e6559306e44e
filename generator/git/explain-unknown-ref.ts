import type { CliError } from "../diagnostics/cli-error.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { unshallowHint } from "./merge-base.ts";
import { linesOf, type Repository } from "./repository.ts";
import type { Git } from "./run-git.ts";

/** The error of an unknown revision, with a suggestion. */
export async function explainUnknownRef(repository: Repository, name: string): Promise<CliError> {
  const message = `Unknown revision ${name}. No file or folder has that name either.`;
  return { code: "revision-unknown", message, hint: await findHint(repository, name) };
}

async function findHint({ git, isShallow }: Repository, name: string): Promise<string> {
  if (name.includes("..")) return "Name one commit, not a range.";
  const refs = ["refs/heads/", "refs/remotes/", "refs/tags/"];
  const known = linesOf(await git(["for-each-ref", "--format=%(refname:lstrip=2)", ...refs]));
  const suggestion = suggest(name, known);
  if (suggestion !== undefined) return `Did you mean ${suggestion}?`;
  const isCommit = /[~^@{}:]/.test(name) || /^[0-9a-f]{7,}$/.test(name);
  if (isCommit) return isShallow ? unshallowHint : "`git log --oneline` lists the commits.";
  const remote = await mainRemote(git);
  if (remote === undefined) return "`git branch` lists the branches, `git tag` the tags.";
  return `If it is a branch of ${remote}, fetch it: \`${fetchBranch(name, remote, isShallow)}\`.`;
}

/** The command that fetches a branch, named with or without its remote. */
export async function fetchCommand(name: string, { git, isShallow }: Repository): Promise<string> {
  return fetchBranch(name, (await mainRemote(git)) ?? "origin", isShallow);
}

async function mainRemote(git: Git): Promise<string | undefined> {
  const remotes = linesOf(await git(["remote"]));
  return remotes.includes("origin") ? "origin" : remotes[0];
}

function fetchBranch(name: string, remote: string, isShallow: boolean): string {
  const branch = name.startsWith(`${remote}/`) ? name.slice(remote.length + 1) : name;
  const fetch = `git fetch ${isShallow ? "--unshallow " : ""}${remote}`;
  return `${fetch} ${branch}:refs/remotes/${remote}/${branch}`;
}
