import type { CliIo } from "../cli/cli-io.ts";
import { diffManifests, readSpecDocuments, type VersionDiff } from "../diff/index.ts";
import type { Base } from "../git/base.ts";
import { baseFromSpecs } from "../git/base-from-specs.ts";
import { readBase } from "../git/read-base.ts";
import type { Manifest } from "../manifest/index.ts";
import type { OpenedProject } from "./open-project.ts";
import type { Outcome } from "./output/index.ts";
import { locateSetting } from "./settings/index.ts";

/** The versions of a project beside those of a base. */
export interface Comparison {
  readonly base: Base;
  readonly diff: VersionDiff;
}

/** Compares the versions of a project with those of a base: the one that is named, else the default one. */
export async function compareVersions(
  project: OpenedProject,
  manifest: Manifest,
  against: string | undefined,
  io: CliIo,
): Promise<Outcome<Comparison>> {
  const read = await readBase(project, against, io);
  if (read.kind === "problems") return read;
  return { kind: "done", value: await diffWithBase(read.value, manifest, project) };
}

/** The differences of a project from a base, which is what its specs say wherever they can be read. */
export async function diffWithBase(
  recorded: Base,
  manifest: Manifest,
  { sources, files }: OpenedProject,
): Promise<Comparison> {
  const { base, specs: formerSpecs } = await baseFromSpecs(recorded);
  const { manifest: before, origin, isFallback, readHistory } = base;
  // What did not move is no revert.
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

/** Whether anything changed at all. */
export function hasMoved({ before, after, causes, features }: VersionDiff): boolean {
  return (
    before?.projectVersion !== after.projectVersion ||
    causes.length > 0 ||
    features.some(({ status }) => status !== "unchanged")
  );
}
