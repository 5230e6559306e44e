import type { CliIo } from "../cli/cli-io.ts";
import { done, type Outcome, type Problem, stopped } from "../project/output/index.ts";
import { type Base, type BaseProject, noHistory } from "./base.ts";
import type { BaseCommit } from "./base-commit.ts";
import { baseFrom, fallbackToHead, mergeBaseWith } from "./base-commit.ts";
import { fetchCommand } from "./explain-unknown-ref.ts";
import type { Branches } from "./find-default-branch.ts";
import { findBranch, findDefaultBranch, listBranches } from "./find-default-branch.ts";
import { manifestPath } from "./manifest-text.ts";
import { findMergeBase, unshallowHint } from "./merge-base.ts";
import { readManifestAt } from "./read-at-commit.ts";
import { type RecordedManifest, readRecordedManifest } from "./recorded-manifest.ts";
import { explainFailure, findRepository, linesOf, type Repository } from "./repository.ts";

/** Reads the state to compare with where none was named: that of a commit, if git knows the manifest. */
export async function readDefaultBase(
  project: BaseProject,
  io: Pick<CliIo, "cwd" | "env">,
): Promise<Outcome<Base>> {
  const search = await findRepository(project.root, io);
  if (search.kind === "none") return readRecordedBase(project, search.reason);
  if (search.kind === "refused") return readRecordedBase(project, "git can't be asked", [search.problem]);
  const { repository } = search;
  if (repository.head === undefined) return readRecordedBase(project, "nothing is committed yet");

  const commit = await findDefaultBase(repository, io.env);
  const read = await readManifestAt(repository, commit.commit, project);
  if (read.kind === "problems") return readRecordedBase(project, "git can't be asked", read.problems);
  if (read.value.kind === "missing") {
    const isTracked = await tracksManifest(repository, project);
    if (isTracked.kind === "problems") return isTracked;
    if (!isTracked.value) return readRecordedBase(project, "git does not track it");
  }
  const base = baseFrom(commit, read.value, repository, project);
  if (read.value.kind !== "unreadable") return done(base);
  const { file, reason } = read.value;
  const message = `No versions to compare with: ${file} at ${commit.name} can't be read, ${reason}.`;
  return done({ ...base, isFallback: true, warnings: [...base.warnings, { message }] });
}

/** Whether the manifest is in the index of git. */
async function tracksManifest({ git }: Repository, { config }: BaseProject): Promise<Outcome<boolean>> {
  const run = await git(["ls-files", "--", `./${manifestPath(config.generated)}`]);
  return run.exitCode === 0 ? done(linesOf(run).length > 0) : stopped(explainFailure(run));
}

/** The manifest of the last run as base. `reason`: why it is that one. */
async function readRecordedBase(
  project: BaseProject,
  reason: string,
  warnings: readonly Problem[] = [],
): Promise<Outcome<Base>> {
  const recorded = await readRecordedManifest(project);
  if (recorded.kind === "problems") return recorded;
  const { warning, ...manifest } = recorded.value;
  const file = manifestPath(project.config.generated);
  return done({
    ...manifest,
    origin: { ref: file },
    description: describeRecorded(recorded.value, file, reason),
    isFallback: true,
    advice: `To compare with more than the last run, commit ${file} to git, or name a folder or a manifest with --against.`,
    warnings: warning === undefined ? warnings : [...warnings, warning],
    ...noHistory,
  });
}

function describeRecorded({ manifest, warning }: RecordedManifest, file: string, reason: string): string {
  if (manifest !== undefined) return `against ${file} as it lies here, since ${reason}`;
  const problem = warning === undefined ? `there was no ${file} here` : `${file} can't be read`;
  return `against nothing: ${problem}, and ${reason}`;
}

/** Finds what to compare with where nothing was named: the merge base with the default branch, else `HEAD`. */
async function findDefaultBase(repository: Repository, env: CliIo["env"]): Promise<BaseCommit> {
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
  const hint = repository.isShallow
    ? unshallowHint
    : `Fetch it: \`${await fetchCommand(target, repository)}\`.`;
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
