import { type Diagnostic, hasErrors, sortDiagnostics } from "./diagnostics/diagnostic.ts";
import { emitModules } from "./emit/index.ts";
import { buildManifest, type Manifest, printManifest } from "./manifest/index.ts";
import { loadCachedSpecs, parseSpecs } from "./parse/index.ts";
import type { CompileCache, CompileOptions, GeneratedFile } from "./pipeline/index.ts";
import { createMemo, type Memo, noMemo } from "./pipeline/index.ts";
import { planFeatures } from "./plan/index.ts";
import { resolveProject } from "./resolve/index.ts";
import { readSources, type Sources } from "./source/index.ts";
import { type CompiledModel, computeVersions } from "./versions/index.ts";

export type { CompileOptions, GeneratedFile } from "./pipeline/index.ts";
export type { CompiledModel } from "./versions/index.ts";

/** The outcome of a compile. With errors it has no files and no manifest. */
export interface CompileResult {
  readonly files: readonly GeneratedFile[];
  readonly manifest: Manifest | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles feature specs to typed modules with their versions and SQL plans. Pure: texts in, texts and diagnostics out.
 * Mistakes in specs are diagnostics, never rejections. A `cache` of earlier compiles saves time, and changes no output.
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
  const memo = createMemo(cache, [options.hashLength, options.engines]);
  const { project, versions, diagnostics } = compileModel(sources, options, memo);
  if (project === undefined || versions === undefined) return { files: [], manifest: undefined, diagnostics };
  const features = planFeatures(project, versions, options);
  const modules = await emitModules({ ...options, ...versions, features }, memo);
  const manifest = buildManifest(project, versions, options, memo);
  const texts = [...modules, { path: "versions.json", text: printManifest(manifest) }];
  const files = texts.map(({ path, text }) => ({ path: `${options.generated}/${path}`, text }));
  return { files, manifest, diagnostics };
}

/** Compiles as far as the versions: all that commands need that generate nothing. */
export function compileModel(
  sources: Sources,
  options: Pick<CompileOptions, "hashLength" | "schemas">,
  memo: Memo = noMemo,
): CompiledModel {
  const cached = loadCachedSpecs(sources, memo);
  const read = readSources(sources, cached.specs);
  const parsed = parseSpecs(read, cached);
  const resolved = resolveProject(parsed.specs, { ...parsed, schemasFolder: options.schemas }, memo);
  const diagnostics = sortDiagnostics([...read.diagnostics, ...parsed.diagnostics, ...resolved.diagnostics]);
  const project = hasErrors(diagnostics) ? undefined : resolved.project;
  return { project, versions: project && computeVersions(project, options.hashLength, memo), diagnostics };
}
