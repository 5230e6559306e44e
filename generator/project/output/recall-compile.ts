import type { CompileOptions, CompileResult } from "../../compile-project.ts";
import { type CompileCache, cacheKey } from "../../pipeline/index.ts";
import { sha256 } from "../../pipeline/sha256.ts";
import type { Sources } from "../../source/source-file.ts";

/** What is kept of a compile: its texts are kept each by itself. */
interface Record {
  readonly files: readonly { readonly path: string; readonly key: string }[];
  readonly diagnostics: CompileResult["diagnostics"];
}

/** The cache key of a compile: of all sources and settings. */
export function compileKey(sources: Sources, options: CompileOptions): string {
  const { project, hashLength, schemas, generated, importExtension, engines } = options;
  const settings = [project, hashLength, schemas, generated, importExtension, engines];
  return cacheKey("project", settings, Object.entries(sources).sort());
}

/** The outcome of an earlier compile, if all of it is still there. Loads no stage of the compiler. */
export function recallCompile(key: string, cache: CompileCache): CompileResult | undefined {
  const record = cache.get(key);
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
  key: string,
  { files, manifest, diagnostics }: CompileResult,
  cache: CompileCache,
): void {
  if (manifest === undefined) return;
  const record: Record = {
    files: files.map(({ path, text }) => {
      const key = `file ${sha256(text)}`;
      cache.set(key, text);
      return { path, key };
    }),
    diagnostics,
  };
  cache.set(key, JSON.stringify(record));
}
