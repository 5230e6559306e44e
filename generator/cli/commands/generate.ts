import { resolve } from "node:path";
import type { GeneratedFile } from "../../compile-project.ts";
import { mapPlaces, renderMarkdown, renderTerminal } from "../../diff/index.ts";
import { type DiskCache, inspectOutput, type OutputState, writeOutput } from "../../output/index.ts";
import { readRecordedManifest } from "../base/recorded-manifest.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { commandLine } from "../command-line.ts";
import { type Comparison, compareVersions, hasMoved } from "../compare-versions.ts";
import { compileWithCache, openCache } from "../compile-with-cache.ts";
import { openProject } from "../open-project.ts";
import { reportDiagnostics, reportProblems, reportUnopened } from "../report.ts";
import { wayFrom } from "../seen-from.ts";
import { Terminal } from "../terminal.ts";
import { type FoundProject, watchProject } from "./watch-project.ts";

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
  const generateFrom = async (project: FoundProject) => {
    const exitCode = await generateOnce(project, options, cache, terminal, io);
    // What fails has not asked for all that is worth keeping.
    if (exitCode === 0) cache?.save();
    return exitCode;
  };
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
  if (options.check) {
    const inspected = await inspectOutput(root, config.generated, files);
    if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);
    return reportCheck(inspected.value, options, terminal);
  }

  const compared = await compareVersions(project, manifest, options.against, io);
  if (compared.kind === "problems") return reportProblems(compared.problems, terminal);
  const { base, diff } = compared.value;
  const inspected = await inspectOutput(root, config.generated, [
    ...files,
    ...diffFile(compared.value, config.generated),
  ]);
  if (inspected.kind === "problems") return reportProblems(inspected.problems, terminal);

  for (const warning of base.warnings) terminal.problem(warning, "warning");
  const seen = mapPlaces(diff, wayFrom(io.cwd, root));
  const named = base.isStandIn ? {} : { base: base.description };
  terminal.passingData(renderTerminal(seen, { ...terminal.dataStyle, ...named, brief: true }));
  const written = await writeOutput(root, inspected.value);
  if (written.kind === "problems") return reportProblems(written.problems, terminal);
  terminal.note(`${describeWork(inspected.value)}\n`);
  return 0;
}

/** The diff for reviewers. It tells of the last change of versions, so it stays as it is where nothing moved. */
function diffFile({ base, diff }: Comparison, folder: string): GeneratedFile[] {
  if (!hasMoved(diff)) return [];
  const text = renderMarkdown(diff, { base: base.description });
  return [{ path: `${folder}/version-diff.md`, text }];
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
