import { explainFeature, explainField } from "../../explain/index.ts";
import { openProject } from "../../project/open-project.ts";
import { renderExplanation } from "../../report/text/render-explanation.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { reportDiagnostics, reportProblems, reportUnopened } from "../report.ts";
import { Terminal } from "../terminal.ts";

/** Prints how the version of a feature or field (`feature.field`) comes about, down to code versions. */
export async function explain(name: string, options: GlobalOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const opened = await openProject(options, io);
  if (opened.kind === "stopped") return reportUnopened(opened, terminal, io);

  const { root, config, sources } = opened;
  const { compileModel } = await import("../../compile-project.ts");
  const { project, versions, diagnostics } = compileModel(sources, config);
  await reportDiagnostics({ root, sources, diagnostics }, terminal, io);
  if (project === undefined || versions === undefined) return 1;

  const explanation = name.includes(".")
    ? explainField(project, versions, name)
    : explainFeature(project, versions, name);
  if (explanation.kind === "unknown") {
    reportProblems([explanation], terminal);
    return 2;
  }
  terminal.data(renderExplanation(explanation, terminal.dataStyle.columns));
  return 0;
}
