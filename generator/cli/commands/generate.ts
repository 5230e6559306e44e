import type { GeneratedFile } from "../../compile-project.ts";
import { type CliWarning, type ExitCode, exitCodes } from "../../diagnostics/cli-error.ts";
import type { VersionDiff } from "../../diff/index.ts";
import type { Base } from "../../git/base.ts";
import { ManifestCache } from "../../git/manifest-cache.ts";
import { manifestPath } from "../../git/manifest-text.ts";
import { readBase } from "../../git/read-base.ts";
import { readRecordedManifest } from "../../git/recorded-manifest.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import { ok } from "../../pipeline/result.ts";
import { compileWithCache, openCache } from "../../project/cache/compile-with-cache.ts";
import type { DiskCache } from "../../project/cache/disk-cache.ts";
import { guardFiles } from "../../project/files/guard-files.ts";
import { readTextIfThere } from "../../project/files/read-text.ts";
import { type OpenedProject, projectRoot } from "../../project/open-project.ts";
import { inspectOutput, type OutputState } from "../../project/output/inspect-output.ts";
import { writeOutput } from "../../project/output/write-output.ts";
import { renderNoChanges } from "../../report/describe-totals.ts";
import { describeCheck, describeOutput } from "../../report/text/describe-output.ts";
import { type AnyCommand, againstOption, defineCommand } from "../command.ts";
import type { CliConsole, GlobalOptions } from "../console.ts";
import { relativeTo } from "../display-paths.ts";
import { invalidSpecs, withProject } from "../with-project.ts";

interface GenerateOptions extends GlobalOptions {
  /** Write nothing; list the files that differ from the specs. */
  readonly check?: boolean;
  /** A git revision, a folder or a manifest. */
  readonly against?: string;
  /** Generate again after each change. */
  readonly watch?: boolean;
}

/** Compiles the specs, reports version changes, and brings the output folder up to date. */
export const command: AnyCommand = defineCommand<object, GenerateOptions>({
  arguments: {},
  options: {
    check: {
      text: "write nothing; list outdated, missing and obsolete files, exit with 1 if there are any",
      conflicts: ["against", "watch"],
    },
    against: againstOption,
    watch: { text: "Watch specs, referenced files and config; regenerate on change" },
  },
  async run(options, console) {
    // A check compiles without the cache, so that it does not repeat a mistake of an earlier run.
    const cache = options.check ? undefined : openCache(projectRoot(console.io.cwd, options));
    const state = { cache, manifestCache: new ManifestCache() };
    const generate = (project: OpenedProject) => generateOnce(project, options, state, console);
    if (!options.watch) return withProject(options, console, generate);
    const { watchProject } = await import("../watch-project.ts");
    return watchProject(options, console, generate);
  },
});

/** What the runs of `--watch` share. */
interface RunState {
  readonly cache: DiskCache | undefined;
  readonly manifestCache: ManifestCache;
}

async function generateOnce(
  project: OpenedProject,
  options: GenerateOptions,
  { cache, manifestCache }: RunState,
  console: CliConsole,
): Promise<ExitCode> {
  const { root, config, sources } = project;
  const { result, save } = await console.withProgress("Compiling the specs", () =>
    compileWithCache(sources, config, cache),
  );
  const { files, manifest, diagnostics } = result;
  const diagnosed = { root, sources, diagnostics };
  if (manifest === undefined) return console.fail([invalidSpecs(diagnosed)]);
  await console.diagnostics(diagnosed);

  const text = files.find(({ path }) => path === manifestPath(config.generated))?.text ?? "";
  manifestCache.add(text, ok(manifest));
  const recorded = await readRecordedManifest({ root, config, manifestCache });
  if (!recorded.ok) return console.fail(recorded.errors);
  if (options.check) {
    const inspected = await inspectOutput(root, config.generated, files);
    return inspected.ok ? reportCheck(inspected.value, options, console) : console.fail(inspected.errors);
  }

  const base = await readBase({ root, config, manifestCache }, options.against, console.io);
  if (!base.ok) return console.fail(base.errors);
  const states = { base: base.value, manifest, recorded: recorded.value.manifest };
  const report = await reportVersions(project, states, console);
  const inspected = await inspectOutput(root, config.generated, [...files, ...report.files]);
  if (!inspected.ok) return console.fail(inspected.errors);

  for (const warning of report.warnings) console.warn(warning);
  console.optionalData(report.text);
  const written = await writeOutput(root, inspected.value);
  if (!written.ok) return console.fail(written.errors);
  console.note(describeOutput(inspected.value));
  // Only now: a run that fails has not computed all that is worth storing.
  save();
  return exitCodes.success;
}

function reportCheck(state: OutputState, options: GenerateOptions, console: CliConsole): ExitCode {
  const { missing, outdated, obsolete } = state;
  if (missing.length + outdated.length + obsolete.length === 0) {
    console.note(describeOutput(state));
    return exitCodes.success;
  }
  const { list, remedy } = describeCheck(state, commandLine("generate", options));
  console.data(list);
  console.message(remedy);
  return exitCodes.problems;
}

/** A command line to run on the same project with the same config. */
function commandLine(command: string, { cwd, config }: GlobalOptions): string {
  return [
    `npx stemma ${command}`,
    ...(cwd === undefined ? [] : [`--cwd ${quoteArgument(cwd)}`]),
    ...(config === undefined ? [] : [`--config ${quoteArgument(config)}`]),
  ].join(" ");
}

/** An argument, quoted for a shell if it needs that. */
function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["$`\\]/g, "\\$&")}"`;
}

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
async function reportVersions(
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
  const { diffWithBase } = await import("../../git/compare-versions.ts");
  const { mapLocations, renderText } = await import("../../report/index.ts");
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
  const { readAcknowledgements } = await import("../read-acknowledgements.ts");
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
  const { hasMoved } = await import("../../git/compare-versions.ts");
  const { renderMarkdown } = await import("../../report/index.ts");
  const path = `${config.generated}/version-diff.md`;
  const rendered = () => [{ path, text: renderMarkdown(diff, { base: base.description }) }];
  if (hasMoved(diff)) return rendered();
  if (recorded === manifest) return [];
  const before = await base.readFile(path);
  if (before !== undefined) return [{ path, text: before }];
  const existing = await guardFiles(root, () => readTextIfThere(root, path));
  return existing.ok && existing.value !== undefined ? rendered() : [];
}
