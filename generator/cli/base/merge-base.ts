import type { Branch } from "./find-default-branch.ts";
import { linesOf, type Repository } from "./repository.ts";

/** The latest commit that a branch and `HEAD` have in common, as full id. */
export async function findMergeBase({ git }: Repository, { ref }: Branch): Promise<string | undefined> {
  const run = await git(["merge-base", "HEAD", ref]);
  return run.exitCode === 0 ? linesOf(run)[0] : undefined;
}

/** How to get the history that a clone lacks. */
export const deepen =
  "Fetch the history: `git fetch --unshallow`, or in GitHub Actions `fetch-depth: 0` for actions/checkout.";
