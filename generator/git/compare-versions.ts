import { diffManifests, readSpecDocuments, type VersionDiff } from "../diff/index.ts";
import type { Manifest } from "../manifest/index.ts";
import { ok, type Result } from "../pipeline/result.ts";
import type { OpenedProject } from "../project/open-project.ts";
import { locateSetting } from "../project/settings/index.ts";
import type { Base } from "./base.ts";
import { baseFromSpecs } from "./base-from-specs.ts";
import { readBase } from "./read-base.ts";
import type { ProcessContext } from "./repository.ts";

/** A base, and the version diff of a project against it. */
export interface Comparison {
  readonly base: Base;
  readonly diff: VersionDiff;
}

/** Compares the versions of a project with those of a base: the named one, else the default. */
export async function compareVersions(
  project: OpenedProject,
  manifest: Manifest,
  against: string | undefined,
  context: ProcessContext,
): Promise<Result<Comparison>> {
  const read = await readBase(project, against, context);
  if (!read.ok) return read;
  return ok(await diffWithBase(read.value, manifest, project));
}

/** Compares a project with a base, whose manifest is compiled from its specs if they can be read. */
export async function diffWithBase(
  recorded: Base,
  manifest: Manifest,
  { sources, files }: OpenedProject,
): Promise<Comparison> {
  const { base, specs: formerSpecs } = await baseFromSpecs(recorded);
  const { manifest: before, origin, isFallback, readHistory } = base;
  // Unchanged versions are not reverts.
  const history = before?.projectVersion === manifest.projectVersion ? [] : await readHistory();
  const [reason] = isFallback ? recorded.warnings : [];
  const diff = diffManifests(before, manifest, readSpecDocuments(sources, manifest), {
    base: origin,
    history,
    ...(formerSpecs === undefined ? {} : { formerSpecs }),
    locateSetting: (setting) => locateSetting(files, setting),
    ...(reason === undefined ? {} : { baseFallback: reason.message }),
  });
  return { base, diff };
}

/** Whether anything changed. */
export function hasMoved({ before, after, causes, features }: VersionDiff): boolean {
  return (
    before?.projectVersion !== after.projectVersion ||
    causes.length > 0 ||
    features.some(({ status }) => status !== "unchanged")
  );
}
