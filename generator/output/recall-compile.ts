import { type CompileCache, cacheKey } from "../cache/index.ts";
import type { CompileOptions, CompileResult } from "../compile-project.ts";
import type { Sources } from "../source/source-file.ts";

/** What is kept of a compile: its texts are kept each by itself. */
interface Record {
  readonly files: readonly { readonly path: string; readonly key: string }[];
  readonly diagnostics: CompileResult["diagnostics"];
}

/** The outcome of an earlier compile of the same sources, if all of it is still there. Loads no stage of the compiler. */
export function recallCompile(
  sources: Sources,
  options: CompileOptions,
  cache: CompileCache,
): CompileResult | undefined {
  const record = cache.get(compileKey(sources, options));
  if (record === undefined) return undefined;
  const { files, diagnostics }: Record = JSON.parse(record);
  const known = files.map(({ path, key }) => ({ path, text: cache.get(key) }));
  const complete = known.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
  const manifest = complete.at(-1);
  if (manifest === undefined || complete.length < files.length) return undefined;
  return { files: complete, manifest: JSON.parse(manifest.text), diagnostics };
}

/** Keeps the outcome of a compile. One with errors is not kept: it is told anew. */
export function rememberCompile(
  sources: Sources,
  options: CompileOptions,
  { files, manifest, diagnostics }: CompileResult,
  cache: CompileCache,
): void {
  if (manifest === undefined) return;
  const record: Record = {
    files: files.map(({ path, text }) => {
      const key = cacheKey("file", path, text);
      cache.set(key, text);
      return { path, key };
    }),
    diagnostics,
  };
  cache.set(compileKey(sources, options), JSON.stringify(record));
}

function compileKey(sources: Sources, options: CompileOptions): string {
  const { project, hashLength, schemas, generated, importExtension } = options;
  const settings = [project, hashLength, schemas, generated, importExtension];
  return cacheKey("project", settings, Object.entries(sources).sort());
}
