import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { type FailOn, findFailures, parseFailOn } from "../../diff/index.ts";
import type { Base } from "../../git/base.ts";
import { countStoredRows } from "../../impact/count-stored-rows.ts";
import { buildManifest } from "../../manifest/index.ts";
import { type Comparison, compareVersions } from "../../project/compare-versions.ts";
import { type OpenedProject, openProject } from "../../project/open-project.ts";
import { type DiffWithAcknowledgements, readAcknowledgements } from "../../project/read-acknowledgements.ts";
import {
  describeFailures,
  mapLocations,
  renderAnnotations,
  renderDiffJson,
  renderMarkdown,
  renderMermaid,
  renderText,
} from "../../report/index.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import type { DiffFormat } from "../diff-format.ts";
import { relativeTo } from "../relative-to.ts";
import { reportDiagnostics, reportProblems, reportUnopened } from "../report.ts";
import { Terminal } from "../terminal.ts";

/** Options of `stemma diff`. */
export interface DiffOptions extends GlobalOptions {
  /** A git ref, a folder or a manifest. */
  readonly against?: string;
  readonly format?: DiffFormat;
  /** Name of a store in the settings, or path of a database; `true` for the default one. */
  readonly store?: string | true;
  /** Ids of rules, and severities; instead of those in the settings. */
  readonly failOn?: readonly string[];
}

/** Compares the versions that the specs give with those of a base, and writes nothing. */
export async function diff(options: DiffOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const project = await openProject(options, io);
  if (project.kind === "stopped") return reportUnopened(project, terminal, io);
  const { root, config, sources } = project;
  const failOn = parseFailOn(options.failOn ?? config.diff.failOn);
  if (failOn.kind === "unknown") {
    const where = options.failOn === undefined ? "In the setting diff.failOn: " : "";
    const problems = failOn.problems.map(({ message, hint }) => ({ message: where + message, hint }));
    reportProblems(problems, terminal);
    return 2;
  }

  const { compileModel } = await import("../../compile-project.ts");
  const { project: model, versions, diagnostics } = compileModel(sources, config);
  await reportDiagnostics({ root, sources, diagnostics }, terminal, io);
  if (model === undefined || versions === undefined) return 1;

  const manifest = buildManifest(model, versions, config);
  const compared = await compareVersions(project, manifest, options.against, io);
  if (compared.kind === "problems") return reportProblems(compared.problems, terminal);
  const { base } = compared.value;
  for (const warning of base.warnings) terminal.problem(warning, "warning");
  if (base.advice !== undefined) terminal.note(`${base.advice}\n`);
  const { store } = options;
  const compiled = { model, versions };
  const counted =
    store === undefined
      ? { kind: "done" as const, value: compared.value.diff }
      : await countStoredRows(compared.value, compiled, project, store, terminal, io);
  if (counted.kind === "problems") return reportProblems(counted.problems, terminal);
  const acknowledged = await readAcknowledgements(counted.value, project);
  if (acknowledged.kind === "problems") return reportProblems(acknowledged.problems, terminal);
  await reportDiagnostics({ root, ...acknowledged.value }, terminal, io);
  if (hasErrors(acknowledged.value.diagnostics)) return 1;

  const { format = "text" } = options;
  terminal.data(renderDiff(format, { base, diff: acknowledged.value.diff }, project, terminal, io));
  if (failOn.failOn.size > 0 && base.isFallback) return failWithoutBase(base, terminal);
  return reportFailures(acknowledged.value, failOn.failOn, terminal);
}

/** A gate that can't see what was committed must not open. */
function failWithoutBase({ description }: Base, terminal: Terminal): ExitCode {
  const message = `Nothing is known to pass: the base was not found, and the diff is ${description}.`;
  return reportProblems([{ message, hint: "Name a base with --against." }], terminal);
}

function renderDiff(
  format: DiffFormat,
  { base, diff }: Comparison,
  { root }: OpenedProject,
  terminal: Terminal,
  io: CliIo,
): string {
  switch (format) {
    case "text":
      return renderText(mapLocations(diff, relativeTo(io.cwd, root)), {
        ...terminal.dataStyle,
        base: base.description,
      });
    case "markdown":
      return renderMarkdown(diff, { base: base.description });
    case "json":
      return renderDiffJson(diff);
    case "mermaid":
      return renderMermaid(diff);
    case "github":
      // Annotations name files by their path in the repository.
      return renderAnnotations(mapLocations(diff, relativeTo(io.env["GITHUB_WORKSPACE"] ?? io.cwd, root)));
  }
}

function reportFailures(
  { diff, file }: DiffWithAcknowledgements,
  failOn: FailOn,
  terminal: Terminal,
): ExitCode {
  const failures = findFailures(diff, failOn);
  if (failures.length === 0) return 0;
  terminal.message(describeFailures(failures, file));
  return 1;
}
