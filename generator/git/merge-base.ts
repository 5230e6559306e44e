import type { Branch } from "./find-default-branch.ts";
import { linesOf, type Repository } from "./repository.ts";

/**
 * The full id of the merge base of a branch and `HEAD`. During an uncommitted merge, the one of the branch and that merge.
 */
export async function findMergeBase({ git }: Repository, { ref }: Branch): Promise<string | undefined> {
  const merging = await git(["merge-base", ref, "HEAD", "MERGE_HEAD"]);
  const run = merging.exitCode === 0 ? merging : await git(["merge-base", ref, "HEAD"]);
  return run.exitCode === 0 ? linesOf(run)[0] : undefined;
}

/** How to fetch the history that a clone lacks. */
export const unshallowHint =
  "Fetch the history: `git fetch --unshallow`, or in GitHub Actions `fetch-depth: 0` for actions/checkout.";
