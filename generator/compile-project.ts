import { type Diagnostic, hasErrors, sortDiagnostics } from "./diagnostics/diagnostic.ts";
import { emitModules } from "./emit/index.ts";
import { buildManifest, type Manifest, printManifest } from "./manifest/index.ts";
import { parseSpecs } from "./parse/index.ts";
import { featureValue } from "./plan/index.ts";
import { resolveProject } from "./resolve/index.ts";
import type { ProjectModel } from "./resolve/project-model.ts";
import { readSources } from "./source/index.ts";
import type { Sources } from "./source/source-file.ts";
import { computeVersions, type ProjectVersions } from "./versions/index.ts";

/** What a compile depends on beside the sources. Folders are relative to the project, with `/`. */
export interface CompileOptions {
  /** Name of the project, recorded in the manifest and beside stored rows. */
  readonly project: string;
  /** How many characters of each hash are kept; 64 is a whole one. */
  readonly hashLength: number;
  /** Folder of the specs. */
  readonly schemas: string;
  /** Folder of the generated modules. */
  readonly generated: string;
  /** How generated modules import each other. */
  readonly importExtension: ".js" | ".ts" | "";
}

/** A file to be written, with its path relative to the project. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Outcome of a compile. With errors there are no files and no manifest. */
export interface CompileResult {
  readonly files: readonly GeneratedFile[];
  readonly manifest: Manifest | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles feature specs to typed modules with their versions and SQL plans.
 *
 * Pure: texts in, texts and diagnostics out. Never rejects for what a user wrote.
 *
 * @example
 * ```ts
 * const { files, diagnostics } = await compileProject({ "schemas/audio.feature.json": text }, options);
 * ```
 */
export async function compileProject(sources: Sources, options: CompileOptions): Promise<CompileResult> {
  const { project, versions, diagnostics } = compileModel(sources, options);
  if (project === undefined || versions === undefined) return { files: [], manifest: undefined, diagnostics };

  const manifest = buildManifest(project, versions, options);
  const modules = await emitModules({
    ...options,
    projectVersion: versions.projectVersion,
    features: project.features.map((model) => ({
      model,
      value: featureValue(model, versions, options.hashLength),
    })),
  });
  const files = [...modules, { path: "versions.json", text: printManifest(manifest) }];
  return {
    files: files.map(({ path, text }) => ({ path: `${options.generated}/${path}`, text })),
    manifest,
    diagnostics,
  };
}

/** A project compiled up to its versions, without files. With errors there is no project. */
export interface CompiledModel {
  readonly project: ProjectModel | undefined;
  readonly versions: ProjectVersions | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles up to the versions: what commands need that generate nothing. */
export function compileModel(
  sources: Sources,
  options: Pick<CompileOptions, "hashLength" | "schemas">,
): CompiledModel {
  const read = readSources(sources);
  const parsed = parseSpecs(read);
  const resolved = resolveProject(parsed.specs, {
    brokenKeys: parsed.brokenKeys,
    schemasFolder: options.schemas,
  });
  const diagnostics = sortDiagnostics([...read.diagnostics, ...parsed.diagnostics, ...resolved.diagnostics]);
  const project = hasErrors(diagnostics) ? undefined : resolved.project;
  const versions = project === undefined ? undefined : computeVersions(project, options.hashLength);
  return { project, versions, diagnostics };
}
