import type { CliError, CliWarning } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { type Base, type BaseProject, noHistory } from "./base.ts";
import { type BaseCommit, baseFrom, fallbackToHead, mergeBaseWith } from "./base-commit.ts";
import { fetchCommand } from "./explain-unknown-ref.ts";
import { type Branches, findBranch, findDefaultBranch, listBranches } from "./find-default-branch.ts";
import { manifestPath } from "./manifest-text.ts";
import { findMergeBase, unshallowHint } from "./merge-base.ts";
import { readManifestAt } from "./read-at-commit.ts";
import { type RecordedManifest, readRecordedManifest } from "./recorded-manifest.ts";
import {
  explainFailure,
  findRepository,
  linesOf,
  type ProcessContext,
  type Repository,
} from "./repository.ts";

/**
 * Reads the base of a diff.
 *
 * `against` is a git revision, a folder or a file; `resolveRef` and `readPath` define the meaning of each. A name that is
 * both is a revision, unless it has the form of a path: with a leading `./`, `../` or `/`, or ending in `.json`.
 *
 * The default is the setting `diff.against`; without it, the merge base with the default branch, which is `HEAD` on that
 * branch itself; in a pull request on GitHub, the merge base with its target branch. If git does not track the manifest, or
 * without git, the base is the manifest of the last run.
 *
 * An unusable base is an error if the command line names it. Else it is a warning, so that `generate` continues.
 *
 * @example
 * ```ts
 * const base = await readBase({ root, config }, "main", context);
 * if (base.ok) base.value.description; // "against main (merge base 3f2c1ab)"
 * ```
 */
export async function readBase(
  project: BaseProject,
  against: string | undefined,
  context: ProcessContext,
): Promise<Result<Base>> {
  const { against: configured } = project.config.diff;
  const name = against ?? configured;
  if (name === undefined) return readDefaultBase(project, context);
  const { readNamedBase } = await import("./read-named-base.ts");
  const named = await readNamedBase(project, name, context);
  if (named.ok || against !== undefined) return named;
  const base = await readDefaultBase(project, context);
  return !base.ok ? base : ok(asFallback(base.value, named.errors));
}

/** A base that replaces the one that the settings name. */
function asFallback(base: Base, errors: readonly CliError[]): Base {
  const warnings = errors.map((error) => ({
    ...error,
    message: `The setting diff.against names no base. ${error.message}`,
  }));
  return { ...base, isFallback: true, warnings: [...warnings, ...base.warnings] };
}

/** Reads the default base: a commit, if git tracks the manifest; else the manifest of the last run. */
async function readDefaultBase(project: BaseProject, context: ProcessContext): Promise<Result<Base>> {
  const search = await findRepository(project.root, context);
  if (!search.ok) {
    const [{ reason, refusal }] = search.errors;
    return readRecordedBase(project, reason, refusal === undefined ? [] : [refusal]);
  }
  const repository = search.value;
  if (repository.head === undefined) return readRecordedBase(project, "nothing is committed yet");

  const commit = await findDefaultBase(repository, context.env);
  const read = await readManifestAt(repository, commit.commit, project);
  if (!read.ok) return readRecordedBase(project, "git failed", read.errors);
  if (read.value === undefined) {
    const isTracked = await tracksManifest(repository, project);
    if (!isTracked.ok) return isTracked;
    if (!isTracked.value) return readRecordedBase(project, "git does not track it");
  }
  const base = baseFrom(commit, read.value, repository, project);
  if (read.value === undefined || read.value.manifest.ok) return ok(base);
  const { file, manifest } = read.value;
  const [error] = manifest.errors;
  const message = `No versions to compare with: ${file} at ${commit.name} can't be read, ${error.message}.`;
  return ok({ ...base, isFallback: true, warnings: [...base.warnings, { message }] });
}

/** Whether the manifest is in the index of git. */
async function tracksManifest({ git }: Repository, { config }: BaseProject): Promise<Result<boolean>> {
  const run = await git(["ls-files", "--", `./${manifestPath(config.generated)}`]);
  return run.exitCode === 0 ? ok(linesOf(run).length > 0) : fail(explainFailure(run));
}

/** The manifest of the last run as base. `reason`: why, as words in a sentence. */
async function readRecordedBase(
  project: BaseProject,
  reason: string,
  warnings: readonly CliWarning[] = [],
): Promise<Result<Base>> {
  const recorded = await readRecordedManifest(project);
  if (!recorded.ok) return recorded;
  const { warning, ...manifest } = recorded.value;
  const file = manifestPath(project.config.generated);
  return ok({
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
  if (manifest !== undefined) return `against ${file} on disk, because ${reason}`;
  const problem = warning === undefined ? `${file} does not exist` : `${file} can't be read`;
  return `against nothing: ${problem}, and ${reason}`;
}

/** Finds the default base in git: the merge base with the default branch, else `HEAD`. */
async function findDefaultBase(repository: Repository, env: ProcessContext["env"]): Promise<BaseCommit> {
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
  return fallbackToHead(`This clone lacks ${target}, the target of the pull request`, hint);
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
