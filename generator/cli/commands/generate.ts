import { resolve } from "node:path";
import { diffManifests, readSpecDocuments, renderSummary } from "../../diff/index.ts";
import { type DiskCache, inspectOutput, type OutputState, writeOutput } from "../../output/index.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { commandLine } from "../command-line.ts";
import { compileWithCache, openCache } from "../compile-with-cache.ts";
import { openProject } from "../open-project.ts";
import { readRecordedManifest } from "../recorded-manifest.ts";
import { reportDiagnostics, reportProblems, reportUnopened } from "../report.ts";
import { Terminal } from "../terminal.ts";
import { type FoundProject, watchProject } from "./watch-project.ts";

/** Options of `stemma generate`. */
export interface GenerateOptions extends GlobalOptions {
  /** Write nothing; tell which files are not as the specs say. */
  readonly check?: boolean;
  /** Go on, and generate again whenever something changes. */
  readonly watch?: boolean;
}

/** Compiles the specs, tells which versions moved, and brings the output folder up to date. */
export async function generate(options: GenerateOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  if (options.check && options.watch) {
    terminal.problem({
      message: "--check writes nothing, and --watch goes on writing: they don't go together.",
      hint: "Leave one of them out.",
    });
    return 2;
  }
  // What is checked is not what some earlier run made of it.
  const cache = options.check ? undefined : openCache(resolve(io.cwd, options.cwd ?? "."));
  const generateFrom = (project: FoundProject) => generateOnce(project, options, cache, terminal, io);
  return options.watch
    ? watchProject(options, terminal, io, generateFrom)
    : generateFrom(await openProject(options, io));
}

async function generateOnce(
  project: FoundProject,
  options: GenerateOptions,
  cache: DiskCache | undefined,
  terminal: Terminal,
  io: CliIo,
): Promise<ExitCode> {
  if (project.kind === "stopped") return reportUnopened(project, terminal, io);

  const { root, config, sources } = project;
  const { files, manifest, diagnostics } = await terminal.during("Compiling the specs", () =>
    compileWithCache(sources, config, cache),
  );
  reportDiagnostics({ root, sources, diagnostics }, terminal, io);
  if (manifest === undefined) return 1;

  const recorded = await readRecordedManifest(root, config.generated);
  if (recorded.kind === "problems") return reportProblems(recorded.problems, terminal);
  const inspected = await inspectOutput(root, config.generated, files);
  if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);
  if (options.check) return reportCheck(inspected.value, options, terminal);

  if (recorded.value.warning !== undefined) terminal.problem(recorded.value.warning, "warning");
  const diff = diffManifests(recorded.value.manifest, manifest, readSpecDocuments(sources, manifest));
  terminal.passingData(renderSummary(diff, terminal.dataStyle));
  const written = await writeOutput(root, inspected.value);
  if (written.kind === "problems") return reportProblems(written.problems, terminal);
  terminal.note(`${describeWork(inspected.value)}\n`);
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
