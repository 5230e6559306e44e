import { done, type Outcome, type Problem, stopped } from "../project/output/index.ts";
import type { CliIo } from "../cli/cli-io.ts";
import { type Base, type BaseProject, noHistory } from "./base.ts";
import { baseFrom } from "./base-commit.ts";
import { findDefaultBase } from "./find-default-base.ts";
import { manifestPath } from "./manifest-text.ts";
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
