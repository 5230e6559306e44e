import { resolve } from "node:path";
import { type DiskCache, inspectOutput, type OutputState, writeOutput } from "../../output/index.ts";
import { KnownManifests } from "../base/known-manifests.ts";
import { manifestPath } from "../base/manifest-text.ts";
import { readBase } from "../base/read-base.ts";
import { readRecordedManifest } from "../base/recorded-manifest.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { commandLine } from "../command-line.ts";
import { compileWithCache, openCache } from "../compile-with-cache.ts";
import { openProject } from "../open-project.ts";
import { reportDiagnostics, reportProblems, reportUnopened } from "../report.ts";
import { tellVersions } from "../tell-versions.ts";
import { Terminal } from "../terminal.ts";
import type { FoundProject } from "./watch-project.ts";

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
  const kept = { cache, known: new KnownManifests() };
  const generateFrom = (project: FoundProject) => generateOnce(project, options, kept, terminal, io);
  if (!options.watch) return generateFrom(await openProject(options, io));
  const { watchProject } = await import("./watch-project.ts");
  return watchProject(options, terminal, io, generateFrom);
}

/** What is kept from one run to the next. */
interface Kept {
  readonly cache: DiskCache | undefined;
  readonly known: KnownManifests;
}

async function generateOnce(
  project: FoundProject,
  options: GenerateOptions,
  { cache, known }: Kept,
  terminal: Terminal,
  io: CliIo,
): Promise<ExitCode> {
  if (project.kind === "stopped") return reportUnopened(project, terminal, io);

  const { root, config, sources } = project;
  const { result, keep } = await terminal.during("Compiling the specs", () =>
    compileWithCache(sources, config, cache),
  );
  const { files, manifest, diagnostics } = result;
  await reportDiagnostics({ root, sources, diagnostics }, terminal, io);
  if (manifest === undefined) return 1;

  const text = files.find(({ path }) => path === manifestPath(config.generated))?.text ?? "";
  known.add(text, { kind: "manifest", manifest });
  const recorded = await readRecordedManifest({ root, config, known });
  if (recorded.kind === "problems") return reportProblems(recorded.problems, terminal);
  if (options.check) {
    const inspected = await inspectOutput(root, config.generated, files);
    if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);
    return reportCheck(inspected.value, options, terminal);
  }

  const read = await readBase({ root, config, known }, options.against, io);
  if (read.kind === "problems") return reportProblems(read.problems, terminal);
  const base = read.value;
  const states = { base, manifest, recorded: recorded.value.manifest };
  const told = await tellVersions(project, states, terminal, io);
  const inspected = await inspectOutput(root, config.generated, [...files, ...told.files]);
  if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);

  for (const warning of told.warnings) terminal.problem(warning, "warning");
  terminal.passingData(told.text);
  const written = await writeOutput(root, inspected.value);
  if (written.kind === "problems") return reportProblems(written.problems, terminal);
  terminal.note(`${describeWork(inspected.value)}\n`);
  // What fails has not asked for all that is worth keeping.
  keep();
  return 0;
}

function reportCheck(state: OutputState, options: GenerateOptions, terminal: Terminal): ExitCode {
  const lines = [
    ...state.missing.map(({ path }) => `missing    ${path}`),
    ...state.stale.map(({ path }) => `stale      ${path}`),
    ...state.leftOver.map((path) => `left over  ${path}`),
  ];
  if (lines.length === 0) {
    terminal.note(`${describeWork(state)}\n`);
    return 0;
  }
  terminal.data(lines.map((line) => `${line}\n`).join(""));
  const subject = lines.length === 1 ? "This file is" : `These ${lines.length} files are`;
  terminal.message(`${subject} not as the specs say. To mend it: ${commandLine("generate", options)}\n`);
  return 1;
}

function describeWork({ folder, missing, stale, unchanged, leftOver }: OutputState): string {
  const written = missing.length + stale.length;
  if (written + leftOver.length === 0) return `${folder}: ${files(unchanged.length)}, all up to date`;
  const parts = [
    `${files(written)} written`,
    ...(unchanged.length === 0 ? [] : [`${unchanged.length} unchanged`]),
    ...(leftOver.length === 0 ? [] : [`${leftOver.length} removed`]),
  ];
  return `${folder}: ${parts.join(", ")}`;
}

function files(count: number): string {
  return `${count} file${count === 1 ? "" : "s"}`;
}
