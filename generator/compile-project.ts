import type { EngineName } from "../runtime/contract.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "./diagnostics/diagnostic.ts";
import { emitModules } from "./emit/index.ts";
import {
  buildManifest,
  cacheFeatures,
  loadCachedFeatures,
  type Manifest,
  printFeatures,
  printManifest,
  type RecordedFeatures,
  recordedVersions,
} from "./manifest/index.ts";
import { cacheSpecs, loadCachedSpecs, parseSpecs } from "./parse/index.ts";
import { type CompileCache, cacheKey } from "./pipeline/index.ts";
import { featureValue } from "./plan/index.ts";
import { featureKeys } from "./resolve/feature-keys.ts";
import { resolveProject } from "./resolve/index.ts";
import type { FeatureModel, ProjectModel } from "./resolve/project-model.ts";
import { isSpecFile, readSources } from "./source/index.ts";
import type { Sources } from "./source/source-file.ts";
import { specKeys } from "./source/spec-keys.ts";
import { computeVersions, type ProjectVersions } from "./versions/index.ts";

/** What a compile depends on beside the sources. Folders are relative to the project, with `/`. */
export interface CompileOptions {
  /** Name of the project, recorded in the manifest and beside stored rows. */
  readonly project: string;
  /** How many characters of each hash are kept; 64 is a whole one. */
  readonly hashLength: number;
  /** The engines for which modules hold SQL. Default: `["duckdb"]`. */
  readonly engines?: readonly EngineName[];
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
 * Pure: texts in, texts and diagnostics out. Never rejects for what a user wrote. What a `cache` holds of earlier
 * compiles by the same version of everything saves time, and changes nothing.
 *
 * @example
 * ```ts
 * const { files, diagnostics } = await compileProject({ "schemas/audio.feature.json": text }, options);
 * ```
 */
export async function compileProject(
  sources: Sources,
  options: CompileOptions,
  cache?: CompileCache,
): Promise<CompileResult> {
  const { project, versions, diagnostics, keys, recorded } = compileModel(sources, options, cache);
  if (project === undefined || versions === undefined) return { files: [], manifest: undefined, diagnostics };

  const manifest = buildManifest(project, versions, options, recorded);
  const cachedTexts = new Map([...recorded].map(([{ key }, { text }]) => [key, text]));
  const printed = printFeatures(manifest, cachedTexts);
  if (cache !== undefined) cacheFeatures(printed, keys, cache);
  const features = project.features.map((model) => {
    const key = keys.get(model);
    const value = () => featureValue(model, versions, options);
    return { model, value, ...(key === undefined ? {} : { key: cacheKey("plan", key, options.engines) }) };
  });
  const modules = await emitModules({ ...options, projectVersion: versions.projectVersion, features }, cache);
  const files = [...modules, { path: "versions.json", text: printManifest(manifest, printed) }];
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
  /** The cache key of all that a feature depends on; none without a cache. */
  readonly keys: ReadonlyMap<FeatureModel, string>;
  /** What the cache has of them. */
  readonly recorded: RecordedFeatures;
}

/** Compiles up to the versions: what commands need that generate nothing. */
export function compileModel(
  sources: Sources,
  options: Pick<CompileOptions, "hashLength" | "schemas">,
  cache?: CompileCache,
): CompiledModel {
  const specCacheKeys: ReadonlyMap<string, string> = cache === undefined ? new Map() : specKeys(sources);
  const cachedSpecs = cache === undefined ? new Map() : loadCachedSpecs(sources, specCacheKeys, cache);
  const isUncached = (file: string): boolean => isSpecFile(file) && !cachedSpecs.has(file);
  const read = readSources(sources, Object.keys(sources).filter(isUncached));
  const parsed = parseSpecs(read, cachedSpecs);
  // Where a file that a `$ref` leads to is at fault, that has to be told again.
  if (cache !== undefined && read.diagnostics.length === 0) cacheSpecs(parsed.clean, specCacheKeys, cache);
  const resolved = resolveProject(parsed.specs, {
    brokenKeys: parsed.brokenKeys,
    schemasFolder: options.schemas,
  });
  const diagnostics = sortDiagnostics([...read.diagnostics, ...parsed.diagnostics, ...resolved.diagnostics]);
  const project = hasErrors(diagnostics) ? undefined : resolved.project;
  const keys =
    project === undefined || cache === undefined ? new Map() : featureKeys(project, specCacheKeys, options);
  const recorded = cache === undefined ? new Map() : loadCachedFeatures(keys, cache);
  const versions =
    project === undefined
      ? undefined
      : computeVersions(project, options.hashLength, recordedVersions(recorded));
  return { project, versions, diagnostics, keys, recorded };
}
