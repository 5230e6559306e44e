import { locateSetting } from "../config/index.ts";
import { diffManifests, readSpecDocuments, type VersionDiff } from "../diff/index.ts";
import type { Manifest } from "../manifest/index.ts";
import type { Outcome } from "../output/index.ts";
import type { Base } from "./base/base.ts";
import { readBase } from "./base/read-base.ts";
import type { CliIo } from "./cli-io.ts";
import type { OpenedProject } from "./open-project.ts";

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
  const diff = await diffWithBase(read.value, manifest, project);
  return { kind: "done", value: { base: read.value, diff } };
}

/** The differences of a project from a base. */
export async function diffWithBase(
  { manifest: before, origin, isStandIn, warnings, readHistory }: Base,
  manifest: Manifest,
  { sources, files }: OpenedProject,
): Promise<VersionDiff> {
  // What did not move is no revert.
  const history = before?.projectVersion === manifest.projectVersion ? [] : await readHistory();
  const [reason] = isStandIn ? warnings : [];
  return diffManifests(before, manifest, readSpecDocuments(sources, manifest), {
    base: origin,
    history,
    locateSetting: (setting) => locateSetting(files, setting),
    ...(reason === undefined ? {} : { standIn: reason.message }),
  });
}

/** Whether anything changed at all. */
export function hasMoved({ before, after, causes, features }: VersionDiff): boolean {
  return (
    before?.projectVersion !== after.projectVersion ||
    causes.length > 0 ||
    features.some(({ status }) => status !== "unchanged")
  );
}
