import { resolve } from "node:path";
import { ManifestCache } from "../../git/manifest-cache.ts";
import { manifestPath } from "../../git/manifest-text.ts";
import { readBase } from "../../git/read-base.ts";
import { readRecordedManifest } from "../../git/recorded-manifest.ts";
import { compileWithCache, openCache } from "../../project/compile-with-cache.ts";
import { openProject } from "../../project/open-project.ts";
import { type DiskCache, inspectOutput, type OutputState, writeOutput } from "../../project/output/index.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { reportDiagnostics, reportProblems, reportUnopened } from "../report.ts";
import { reportVersions } from "../report-versions.ts";
import { Terminal } from "../terminal.ts";
import type { LoadedProject } from "./watch-project.ts";

/** Options of `stemma generate`. */
export interface GenerateOptions extends GlobalOptions {
  /** Write nothing; tell which files are not as the specs say. */
  readonly check?: boolean;
  /** A git ref, a folder or a manifest to tell the differences from. */
  readonly against?: string;
  /** Go on, and generate again whenever something changes. */
  readonly watch?: boolean;
}

/** Compiles the specs, tells which versions moved, and brings the output folder up to date. */
export async function generate(options: GenerateOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  // What is checked is not what some earlier run made of it.
  const cache = options.check ? undefined : openCache(resolve(io.cwd, options.cwd ?? "."));
  const runState = { cache, manifestCache: new ManifestCache() };
  const generateFrom = (project: LoadedProject) => generateOnce(project, options, runState, terminal, io);
  if (!options.watch) return generateFrom(await openProject(options, io));
  const { watchProject } = await import("./watch-project.ts");
  return watchProject(options, terminal, io, generateFrom);
}

/** What is kept from one run to the next. */
interface RunState {
  readonly cache: DiskCache | undefined;
  readonly manifestCache: ManifestCache;
}

async function generateOnce(
  project: LoadedProject,
  options: GenerateOptions,
  { cache, manifestCache }: RunState,
  terminal: Terminal,
  io: CliIo,
): Promise<ExitCode> {
  if (project.kind === "stopped") return reportUnopened(project, terminal, io);

  const { root, config, sources } = project;
  const { result, save } = await terminal.withProgress("Compiling the specs", () =>
    compileWithCache(sources, config, cache),
  );
  const { files, manifest, diagnostics } = result;
  await reportDiagnostics({ root, sources, diagnostics }, terminal, io);
  if (manifest === undefined) return 1;

  const text = files.find(({ path }) => path === manifestPath(config.generated))?.text ?? "";
  manifestCache.add(text, { kind: "manifest", manifest });
  const recorded = await readRecordedManifest({ root, config, manifestCache });
  if (recorded.kind === "problems") return reportProblems(recorded.problems, terminal);
  if (options.check) {
    const inspected = await inspectOutput(root, config.generated, files);
    if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);
    return reportCheck(inspected.value, options, terminal);
  }

  const read = await readBase({ root, config, manifestCache }, options.against, io);
  if (read.kind === "problems") return reportProblems(read.problems, terminal);
  const base = read.value;
  const states = { base, manifest, recorded: recorded.value.manifest };
  const versionReport = await reportVersions(project, states, terminal, io);
  const inspected = await inspectOutput(root, config.generated, [...files, ...versionReport.files]);
  if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);

  for (const warning of versionReport.warnings) terminal.problem(warning, "warning");
  terminal.optionalData(versionReport.text);
  const written = await writeOutput(root, inspected.value);
  if (written.kind === "problems") return reportProblems(written.problems, terminal);
  terminal.note(`${describeOutput(inspected.value)}\n`);
  // What fails has not asked for all that is worth keeping.
  save();
  return 0;
}

function reportCheck(state: OutputState, options: GenerateOptions, terminal: Terminal): ExitCode {
  const lines = [
    ...state.missing.map(({ path }) => `missing    ${path}`),
    ...state.outdated.map(({ path }) => `outdated   ${path}`),
    ...state.obsolete.map((path) => `obsolete   ${path}`),
  ];
  if (lines.length === 0) {
    terminal.note(`${describeOutput(state)}\n`);
    return 0;
  }
  terminal.data(lines.map((line) => `${line}\n`).join(""));
  const subject = lines.length === 1 ? "This file is" : `These ${lines.length} files are`;
  terminal.message(`${subject} not as the specs say. To mend it: ${commandLine("generate", options)}\n`);
  return 1;
}

function describeOutput({ folder, missing, outdated, unchanged, obsolete }: OutputState): string {
  const written = missing.length + outdated.length;
  if (written + obsolete.length === 0) return `${folder}: ${files(unchanged.length)}, all up to date`;
  const parts = [
    `${files(written)} written`,
    ...(unchanged.length === 0 ? [] : [`${unchanged.length} unchanged`]),
    ...(obsolete.length === 0 ? [] : [`${obsolete.length} removed`]),
  ];
  return `${folder}: ${parts.join(", ")}`;
}

function files(count: number): string {
  return `${count} file${count === 1 ? "" : "s"}`;
}

/** The command that a user is told to run, on the same project with the same settings. */
function commandLine(command: string, { cwd, config }: GlobalOptions): string {
  return [
    `npx stemma ${command}`,
    ...(cwd === undefined ? [] : [`--cwd ${quoteArgument(cwd)}`]),
    ...(config === undefined ? [] : [`--config ${quoteArgument(config)}`]),
  ].join(" ");
}

/** An argument as a shell takes it for one. */
function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["$`\\]/g, "\\$&")}"`;
}
