import type { CompileCache } from "../pipeline/index.ts";
import { lazyJsonDocument } from "../source/read-json-document.ts";
import type { Sources } from "../source/source-file.ts";
import type { ParsedSpec } from "./parsed-spec.ts";

/** The specs that an earlier compile parsed and found flawless, by file. `keys` are of all that each depends on. */
export function loadCachedSpecs(
  sources: Sources,
  keys: ReadonlyMap<string, string>,
  cache: CompileCache,
): ReadonlyMap<string, ParsedSpec> {
  const cached = new Map<string, ParsedSpec>();
  for (const [file, key] of keys) {
    const source = sources[file];
    if (source === undefined) continue;
    const spec = cache.read<ParsedSpec>(key, (text) => {
      const rest: Omit<ParsedSpec, "document"> = JSON.parse(text);
      return { document: lazyJsonDocument(file, source), ...rest };
    });
    if (spec !== undefined) cached.set(file, spec);
  }
  return cached;
}

/** Keeps flawless specs for later compiles. */
export function cacheSpecs(
  specs: Iterable<ParsedSpec>,
  keys: ReadonlyMap<string, string>,
  cache: CompileCache,
): void {
  for (const { document, ...rest } of specs) {
    const key = keys.get(document.file);
    if (key !== undefined) cache.set(key, JSON.stringify(rest));
  }
}
