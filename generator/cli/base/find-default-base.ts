import type { CliIo } from "../cli-io.ts";
import { type BaseCommit, headInstead, mergeBaseWith } from "./base-commit.ts";
import { fetchOf } from "./explain-unknown-ref.ts";
import { type Branches, findBranch, findDefaultBranch, listBranches } from "./find-default-branch.ts";
import { deepen, findMergeBase } from "./merge-base.ts";
import type { Repository } from "./repository.ts";

/** Finds what to compare with where nothing was named: the merge base with the default branch, else `HEAD`. */
export async function findDefaultBase(repository: Repository, env: CliIo["env"]): Promise<BaseCommit> {
  const branches = await listBranches(repository);
  const { GITHUB_BASE_REF: target } = env;
  const branch = target ? findBranch(target, branches) : await findDefaultBranch(branches, repository);
  if (branch === undefined) {
    return target ? explainNoTarget(target, repository) : explainNoDefault(branches, repository);
  }
  const commit = await findMergeBase(repository, branch);
  if (commit !== undefined) return mergeBaseWith(branch.name, commit, repository);
  return repository.isShallow
    ? headInstead(`The clone is shallow and lacks the merge base with ${branch.name}`, deepen)
    : headInstead(`HEAD and ${branch.name} have no commit in common`, "Name another base with --against.");
}

async function explainNoTarget(target: string, repository: Repository): Promise<BaseCommit> {
  const hint = repository.isShallow ? deepen : `Fetch it: \`${await fetchOf(target, repository)}\`.`;
  return headInstead(`${target}, into which the pull request goes, is not in this clone`, hint);
}

function explainNoDefault({ all }: Branches, { isShallow }: Repository): BaseCommit {
  const remote = all.map(({ ref }) => /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1]).find((name) => name);
  const fetching =
    remote === undefined ? "" : `, or let git ask for it: \`git remote set-head ${remote} --auto\``;
  return headInstead(
    "No default branch was found",
    isShallow ? deepen : `Name a branch with --against${fetching}.`,
  );
}
