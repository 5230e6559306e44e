import { suggest } from "../../diagnostics/suggest.ts";
import type { Problem } from "../../output/index.ts";
import { deepen } from "./merge-base.ts";
import { linesOf, type Repository } from "./repository.ts";

/** Why a name leads to no commit, and what may have been meant. */
export async function explainUnknownRef(repository: Repository, name: string): Promise<Problem> {
  const message = `There is no branch, tag or commit ${name} here, and no such file or folder.`;
  return { message, hint: await findCure(repository, name) };
}

async function findCure({ git, isShallow }: Repository, name: string): Promise<string> {
  if (name.includes("..")) return "Name one commit, not a range.";
  const refs = ["refs/heads/", "refs/remotes/", "refs/tags/"];
  const known = linesOf(await git(["for-each-ref", "--format=%(refname:lstrip=2)", ...refs]));
  const meant = suggest(name, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  const isCommit = /[~^@{}:]/.test(name) || /^[0-9a-f]{7,}$/.test(name);
  if (isCommit) return isShallow ? deepen : "`git log --oneline` lists the commits.";
  const remotes = linesOf(await git(["remote"]));
  const remote = remotes.includes("origin") ? "origin" : remotes[0];
  if (remote === undefined) return "`git branch` lists the branches, `git tag` the tags.";
  const fetch = `git fetch ${isShallow ? "--unshallow " : ""}${remote}`;
  const isBranchOf = name.startsWith(`${remote}/`);
  const branch = isBranchOf ? name.slice(remote.length + 1) : name;
  return `If it is a branch of ${remote}, fetch it: \`${fetch} ${branch}:refs/remotes/${remote}/${branch}\`.`;
}
