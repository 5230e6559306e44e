import type { CliWarning } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { type BaseCommit, baseAtCommit, mergeBaseWith } from "./base-commit.ts";
import { explainUnknownRef } from "./explain-unknown-ref.ts";
import { type Branch, findBranch, listBranches } from "./find-default-branch.ts";
import { findMergeBase, unshallowHint } from "./merge-base.ts";
import { linesOf, type Repository } from "./repository.ts";

/**
 * Finds the commit of a named revision.
 *
 * For a branch it is the merge base with it, so that changes that others merged meanwhile do not appear as reverted; for a
 * tag, a commit or `HEAD` it is that commit. The name of a remote branch may omit the remote.
 */
export async function resolveRef(repository: Repository, name: string): Promise<Result<BaseCommit>> {
  // Git reads these as an option, and as an exclusion.
  const ref = /^[-^]/.test(name) ? { kind: "unknown" as const } : await inspectRef(repository, name);
  if (ref.kind === "branch") return resolveBranch(repository, ref.branch);
  if (ref.kind === "several") {
    return fail({
      code: "revision-ambiguous",
      message: `Several commits begin with ${name}.`,
      hint: "Write more of it.",
    });
  }
  if (ref.kind === "unknown") {
    return fail(await explainUnknownRef(repository, name));
  }
  const warnings = ref.isTagAndBranch ? [explainTagAndBranch(name)] : [];
  return ok({ kind: "commit", ...baseAtCommit(name, ref.commit, repository), warnings });
}

type GitRef =
  | { readonly kind: "branch"; readonly branch: Branch }
  | { readonly kind: "commit"; readonly commit: string; readonly isTagAndBranch: boolean }
  /** An abbreviation of several commits. */
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

async function resolveBranch(repository: Repository, branch: Branch): Promise<Result<BaseCommit>> {
  const commit = await findMergeBase(repository, branch);
  if (commit !== undefined) {
    return ok({ kind: "commit", ...mergeBaseWith(branch.name, commit, repository) });
  }
  return fail(
    repository.isShallow
      ? {
          code: "base-missing",
          message: `The clone is shallow and lacks the merge base with ${branch.name}.`,
          hint: unshallowHint,
        }
      : {
          code: "base-missing",
          message: `HEAD and ${branch.name} have no commit in common.`,
          hint: `To compare with the branch as it is, name its commit: --against $(git rev-parse ${branch.name})`,
        },
  );
}

function explainTagAndBranch(name: string): CliWarning {
  return {
    message: `${name} is a tag and a branch; the tag is used.`,
    hint: `For the branch, name refs/heads/${name}.`,
  };
}
