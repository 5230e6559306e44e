import type { GeneratedFile } from "../compile-project.ts";
import type { CliWarning } from "../diagnostics/cli-error.ts";
import type { VersionDiff } from "../diff/index.ts";
import type { Base } from "../git/base.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { readTextIfThere } from "../project/files/read-text.ts";
import type { OpenedProject } from "../project/open-project.ts";
import { renderNoChanges } from "../report/describe-totals.ts";
import type { CliConsole } from "./console.ts";
import { relativeTo } from "./display-paths.ts";

/** The manifests that a report compares. Manifests of the same text are the same object. */
export interface States {
  readonly base: Base;
  readonly manifest: Manifest;
  /** The one of the last run. */
  readonly recorded: Manifest | undefined;
}

/** A report on the versions of a project. */
export interface VersionReport {
  /** For the terminal. */
  readonly text: string;
  /** The page of the diff, if it has to change. */
  readonly files: readonly GeneratedFile[];
  /** Warnings about the base. */
  readonly warnings: readonly CliWarning[];
}

/** Reports how the versions of a project differ from those of a base. It loads the diff only if the manifests differ. */
export async function reportVersions(
  project: OpenedProject,
  states: States,
  console: CliConsole,
): Promise<VersionReport> {
  const { base, manifest, recorded } = states;
  const { description, isFallback } = base;
  if (base.manifest === manifest && recorded === manifest) {
    const named = isFallback ? undefined : description;
    return {
      text: renderNoChanges(manifest, named, console.dataStyle.columns),
      files: [],
      warnings: base.warnings,
    };
  }
  const { diffWithBase } = await import("../git/compare-versions.ts");
  const { mapLocations, renderText } = await import("../report/index.ts");
  const compared = await diffWithBase(base, manifest, project);
  const diff = await acknowledge(compared.diff, project);
  const displayed = mapLocations(diff, relativeTo(console.io.cwd, project.root));
  const named = isFallback ? {} : { base: description };
  return {
    text: renderText(displayed, { ...console.dataStyle, ...named, brief: true }),
    files: await pageFor(diff, project, states),
    warnings: compared.base.warnings,
  };
}

/** Marks acknowledged changes. Only the command `diff` reports errors in that file. */
async function acknowledge(diff: VersionDiff, project: OpenedProject): Promise<VersionDiff> {
  const { readAcknowledgements } = await import("./read-acknowledgements.ts");
  const read = await readAcknowledgements(diff, project);
  return read.ok ? read.value.diff : diff;
}

/**
 * The page of the diff. It describes the last change of versions, so it stays if nothing changed; if a change was
 * reverted since the last run, the page of the base returns.
 */
async function pageFor(
  diff: VersionDiff,
  { root, config }: OpenedProject,
  { base, manifest, recorded }: States,
): Promise<GeneratedFile[]> {
  const { hasMoved } = await import("../git/compare-versions.ts");
  const { renderMarkdown } = await import("../report/index.ts");
  const path = `${config.generated}/version-diff.md`;
  const rendered = () => [{ path, text: renderMarkdown(diff, { base: base.description }) }];
  if (hasMoved(diff)) return rendered();
  if (recorded === manifest) return [];
  const before = await base.readFile(path);
  if (before !== undefined) return [{ path, text: before }];
  const existing = await guardFiles(root, () => readTextIfThere(root, path));
  return existing.ok && existing.value !== undefined ? rendered() : [];
}
