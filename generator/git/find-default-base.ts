import type { CliIo } from "../cli/cli-io.ts";
import { type BaseCommit, fallbackToHead, mergeBaseWith } from "./base-commit.ts";
import { fetchCommand } from "./explain-unknown-ref.ts";
import { type Branches, findBranch, findDefaultBranch, listBranches } from "./find-default-branch.ts";
import { unshallowHint, findMergeBase } from "./merge-base.ts";
import type { Repository } from "./repository.ts";

/** Finds what to compare with where nothing was named: the merge base with the default branch, else `HEAD`. */
export async function findDefaultBase(repository: Repository, env: CliIo["env"]): Promise<BaseCommit> {
  const branches = await listBranches(repository);
  const { GITHUB_BASE_REF: target } = env;
  const branch = target ? findBranch(target, branches) : await findDefaultBranch(branches, repository);
  if (branch === undefined) {
    return target ? missingTargetBranch(target, repository) : missingDefaultBranch(branches, repository);
  }
  const commit = await findMergeBase(repository, branch);
  if (commit !== undefined) return mergeBaseWith(branch.name, commit, repository);
  return repository.isShallow
    ? fallbackToHead(`The clone is shallow and lacks the merge base with ${branch.name}`, unshallowHint)
    : fallbackToHead(`HEAD and ${branch.name} have no commit in common`, "Name another base with --against.");
}

async function missingTargetBranch(target: string, repository: Repository): Promise<BaseCommit> {
  const hint = repository.isShallow ? unshallowHint : `Fetch it: \`${await fetchCommand(target, repository)}\`.`;
  return fallbackToHead(`${target}, into which the pull request goes, is not in this clone`, hint);
}

function missingDefaultBranch({ all }: Branches, { isShallow }: Repository): BaseCommit {
  const remote = all.map(({ ref }) => /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1]).find((name) => name);
  const fetching =
    remote === undefined ? "" : `, or let git ask for it: \`git remote set-head ${remote} --auto\``;
  return fallbackToHead(
    "No default branch was found",
    isShallow ? unshallowHint : `Name a branch with --against${fetching}.`,
  );
}
