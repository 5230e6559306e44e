import type { AnyFeature } from "../../runtime/feature.ts";
import type { CliError, ExitCode } from "../diagnostics/cli-error.ts";
import { type OpenedProject, openProject } from "../project/open-project.ts";
import type { ProjectModel } from "../resolve/project-model.ts";
import type { ProjectVersions } from "../versions/index.ts";
import type { CliConsole, GlobalOptions } from "./console.ts";

/** A project whose specs have no errors. */
export interface CompiledProject {
  readonly project: OpenedProject;
  readonly model: ProjectModel;
  readonly versions: ProjectVersions;
}

/** Opens the project of a command and runs the command on it. If the project cannot be opened, it prints why. */
export async function withProject(
  options: GlobalOptions,
  console: CliConsole,
  work: (project: OpenedProject) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await openProject(options, console.io.cwd);
  return opened.ok ? work(opened.value) : console.fail(opened.errors);
}

/** Like {@link withProject}, with the specs compiled as far as their versions. It prints their diagnostics. */
export async function withCompiled(
  options: GlobalOptions,
  console: CliConsole,
  work: (compiled: CompiledProject) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withProject(options, console, async (project) => {
    const { root, config, sources } = project;
    const { compileModel } = await import("../compile-project.ts");
    const { project: model, versions, diagnostics } = compileModel(sources, config);
    const diagnosed = { root, sources, diagnostics };
    if (model === undefined || versions === undefined) return console.fail([invalidSpecs(diagnosed)]);
    await console.diagnostics(diagnosed);
    return work({ project, model, versions });
  });
}

/** The error of specs that do not compile. */
export function invalidSpecs(diagnosed: NonNullable<CliError["diagnosed"]>): CliError {
  return { code: "specs-invalid", message: "The specs hold errors.", diagnosed };
}

/** The features of a project as a store takes them. They come from the specs: no module of the user is imported. */
export async function featureValues({ project, model, versions }: CompiledProject): Promise<AnyFeature[]> {
  const { featureValue } = await import("../plan/index.ts");
  return model.features.map((feature) => featureValue(feature, versions, project.config));
}
