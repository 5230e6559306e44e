import type { AnyFeature } from "../../runtime/feature.ts";
import { type OpenedProject, openProject } from "../project/open-project.ts";
import type { CliIo, ExitCode, GlobalOptions } from "./cli-io.ts";
import { reportDiagnostics, reportUnopened } from "./report.ts";
import type { Terminal } from "./terminal.ts";

/** A project, and its features as a store takes them: compiled in memory, so no module of the user's is imported. */
export interface OpenedFeatures {
  readonly kind: "features";
  readonly project: OpenedProject;
  readonly features: readonly AnyFeature[];
}

/** Opens a project and compiles its specs; what is wrong with them is reported. */
export async function openFeatures(
  options: GlobalOptions,
  terminal: Terminal,
  io: CliIo,
): Promise<OpenedFeatures | { readonly kind: "stopped"; readonly exitCode: ExitCode }> {
  const project = await openProject(options, io);
  if (project.kind === "stopped")
    return { kind: "stopped", exitCode: await reportUnopened(project, terminal, io) };
  const { root, config, sources } = project;
  const { compileModel } = await import("../compile-project.ts");
  const { project: model, versions, diagnostics } = compileModel(sources, config);
  await reportDiagnostics({ root, sources, diagnostics }, terminal, io);
  if (model === undefined || versions === undefined) return { kind: "stopped", exitCode: 1 };
  const { featureValue } = await import("../plan/index.ts");
  const features = model.features.map((feature) => featureValue(feature, versions, config));
  return { kind: "features", project, features };
}
