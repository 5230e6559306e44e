import type { CompileOptions, CompileResult } from "../compile-project.ts";
import type { Sources } from "../source/source-file.ts";
import { compileKey, DiskCache, recallCompile, rememberCompile } from "./output/index.ts";
import { toolFingerprint } from "./tool-fingerprint.ts";

/** Opens the cache of a project, if it can have one. */
export function openCache(root: string): DiskCache | undefined {
  const tool = toolFingerprint();
  return tool === undefined ? undefined : DiskCache.open(root, tool);
}

/** A compile, and what keeps its outcome for later ones: whoever waits for it need not wait for that. */
export interface CachedCompile {
  readonly result: CompileResult;
  save(): void;
}

/** Compiles a project. The compiler is loaded only where the cache does not have the outcome. */
export async function compileWithCache(
  sources: Sources,
  options: CompileOptions,
  cache: DiskCache | undefined,
): Promise<CachedCompile> {
  const key = cache === undefined ? "" : compileKey(sources, options);
  const cached = cache && recallCompile(key, cache);
  if (cached !== undefined) return { result: cached, save: () => undefined };
  const { compileProject } = await import("../compile-project.ts");
  const result = await compileProject(sources, options, cache);
  const save = () => {
    if (cache === undefined) return;
    rememberCompile(key, result, cache);
    cache.save();
  };
  return { result, save };
}
