import { done, type Outcome, type Problem, stopped } from "../project/output/index.ts";
import { type BaseCommit, baseAtCommit, mergeBaseWith } from "./base-commit.ts";
import { explainUnknownRef } from "./explain-unknown-ref.ts";
import { type Branch, findBranch, listBranches } from "./find-default-branch.ts";
import { findMergeBase, unshallowHint } from "./merge-base.ts";
import { linesOf, type Repository } from "./repository.ts";

/** What a name stands for in a repository. */
export type RefResult = ({ readonly kind: "commit" } & BaseCommit) | UnknownRef;

/** A name that stands for nothing. */
export interface UnknownRef {
  readonly kind: "unknown";
  readonly problem: Problem;
}

/**
 * Finds the commit to compare with for a ref that was named.
 *
 * For a branch it is the merge base with it, so that what others merged there meanwhile does not show as undone here;
 * for a tag, a commit or `HEAD` it is that commit. A branch of a remote need not be named with the remote.
 */
export async function resolveRef(repository: Repository, name: string): Promise<Outcome<RefResult>> {
  // Git would take these for an option, and for all that is not in a commit.
  const ref = /^[-^]/.test(name) ? { kind: "unknown" as const } : await inspectRef(repository, name);
  if (ref.kind === "branch") return resolveBranch(repository, ref.branch);
  if (ref.kind === "several") {
    return stopped({ message: `More than one commit begins with ${name}.`, hint: "Write more of it." });
  }
  if (ref.kind === "unknown") {
    return done({ kind: "unknown", problem: await explainUnknownRef(repository, name) });
  }
  const warnings = ref.isTagAndBranch ? [explainTagAndBranch(name)] : [];
  return done({ kind: "commit", ...baseAtCommit(name, ref.commit, repository), warnings });
}

type GitRef =
  | { readonly kind: "branch"; readonly branch: Branch }
  | { readonly kind: "commit"; readonly commit: string; readonly isTagAndBranch: boolean }
  /** The beginning of the ids of several commits. */
  | { readonly kind: "several" }
  | { readonly kind: "unknown" };

async function inspectRef(repository: Repository, name: string): Promise<GitRef> {
  const { git } = repository;
  if (name !== "HEAD" && name !== "@") {
    const named = await git(["rev-parse", "--verify", "--symbolic-full-name", name]);
    const [ref = ""] = named.exitCode === 0 ? linesOf(named) : [];
    if (/^refs\/(heads|remotes)\//.test(ref)) return { kind: "branch", branch: { ref, name } };
  }
  const peeled = await git(["rev-parse", "--verify", `${name}^{commit}`]);
  const [commit] = peeled.exitCode === 0 ? linesOf(peeled) : [];
  if (commit !== undefined) {
    return {
      kind: "commit",
      commit,
      isTagAndBranch: /^warning: refname .* is ambiguous/m.test(peeled.stderr),
    };
  }
  if (/short .*ID .* is ambiguous/.test(peeled.stderr)) return { kind: "several" };
  const branch = findBranch(name, await listBranches(repository));
  return branch === undefined ? { kind: "unknown" } : { kind: "branch", branch };
}

async function resolveBranch(repository: Repository, branch: Branch): Promise<Outcome<RefResult>> {
  const commit = await findMergeBase(repository, branch);
  if (commit !== undefined) {
    return done({ kind: "commit", ...mergeBaseWith(branch.name, commit, repository) });
  }
  return stopped(
    repository.isShallow
      ? { message: `The clone is shallow and lacks the merge base with ${branch.name}.`, hint: unshallowHint }
      : {
          message: `HEAD and ${branch.name} have no commit in common.`,
          hint: `To compare with the branch as it is, name its commit: --against $(git rev-parse ${branch.name})`,
        },
  );
}

function explainTagAndBranch(name: string): Problem {
  return {
    message: `${name} is a tag and a branch; the tag was taken.`,
    hint: `For the branch, name refs/heads/${name}.`,
  };
}
