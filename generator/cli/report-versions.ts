import type { GeneratedFile } from "../compile-project.ts";
import type { VersionDiff } from "../diff/index.ts";
import type { Base } from "../git/base.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { OpenedProject } from "../project/open-project.ts";
import { guardFiles, type Problem, readTextIfThere } from "../project/output/index.ts";
import { renderNoChanges } from "../report/describe-totals.ts";
import type { CliIo } from "./cli-io.ts";
import { relativeTo } from "./relative-to.ts";
import type { Terminal } from "./terminal.ts";

/** The states of a project that matter to what is told of its versions. States of the same text are the same object. */
export interface States {
  /** What is compared with. */
  readonly base: Base;
  readonly manifest: Manifest;
  /** That of the last run. */
  readonly recorded: Manifest | undefined;
}

/** What is told of the versions of a project. */
export interface VersionReport {
  /** For the terminal. */
  readonly text: string;
  /** The diff for reviewers, where it has to be another one than it is. */
  readonly files: readonly GeneratedFile[];
  /** What is to be told of the base without stopping. */
  readonly warnings: readonly Problem[];
}

/** Tells how the versions of a project differ from those of a base. The diff is loaded where there may be one. */
export async function reportVersions(
  project: OpenedProject,
  states: States,
  terminal: Terminal,
  io: CliIo,
): Promise<VersionReport> {
  const { base, manifest, recorded } = states;
  const { description, isFallback } = base;
  if (base.manifest === manifest && recorded === manifest) {
    const named = isFallback ? undefined : description;
    return {
      text: renderNoChanges(manifest, named, terminal.dataStyle.columns),
      files: [],
      warnings: base.warnings,
    };
  }
  const { diffWithBase } = await import("../project/compare-versions.ts");
  const { mapLocations, renderText } = await import("../report/index.ts");
  const compared = await diffWithBase(base, manifest, project);
  const diff = await acknowledge(compared.diff, project);
  const displayed = mapLocations(diff, relativeTo(io.cwd, project.root));
  const named = isFallback ? {} : { base: description };
  return {
    text: renderText(displayed, { ...terminal.dataStyle, ...named, brief: true }),
    files: await pageFor(diff, project, states),
    warnings: compared.base.warnings,
  };
}

/** The diff with what is acknowledged. What is wrong with that file, `diff` says. */
async function acknowledge(diff: VersionDiff, project: OpenedProject): Promise<VersionDiff> {
  const { readAcknowledgements } = await import("../project/read-acknowledgements.ts");
  const read = await readAcknowledgements(diff, project);
  return read.kind === "done" ? read.value.diff : diff;
}

/**
 * The page of the diff. It tells of the last change of versions, so it stays as it is where none moved; where a change
 * was taken back since the last run, it becomes again what it was in the base.
 */
async function pageFor(
  diff: VersionDiff,
  { root, config }: OpenedProject,
  { base, manifest, recorded }: States,
): Promise<GeneratedFile[]> {
  const { hasMoved } = await import("../project/compare-versions.ts");
  const { renderMarkdown } = await import("../report/index.ts");
  const path = `${config.generated}/version-diff.md`;
  const rendered = () => [{ path, text: renderMarkdown(diff, { base: base.description }) }];
  if (hasMoved(diff)) return rendered();
  if (recorded === manifest) return [];
  const before = await base.readFile(path);
  if (before !== undefined) return [{ path, text: before }];
  const existing = await guardFiles(root, () => readTextIfThere(root, path));
  return existing.kind === "done" && existing.value !== undefined ? rendered() : [];
}
