import type { CompileCache } from "../pipeline/index.ts";
import { rereadJsonDocument } from "../source/read-json-document.ts";
import type { Sources } from "../source/source-file.ts";
import type { ParsedSpec } from "./parsed-spec.ts";

/** The specs that an earlier compile parsed and found flawless, by file. `keys` are of all that each depends on. */
export function recallSpecs(
  sources: Sources,
  keys: ReadonlyMap<string, string>,
  cache: CompileCache,
): ReadonlyMap<string, ParsedSpec> {
  const known = new Map<string, ParsedSpec>();
  for (const [file, key] of keys) {
    const source = sources[file];
    if (source === undefined) continue;
    const spec = cache.read<ParsedSpec>(key, (text) => {
      const rest: Omit<ParsedSpec, "document"> = JSON.parse(text);
      return { document: rereadJsonDocument(file, source), ...rest };
    });
    if (spec !== undefined) known.set(file, spec);
  }
  return known;
}

/** Keeps flawless specs for later compiles. */
export function rememberSpecs(
  specs: Iterable<ParsedSpec>,
  keys: ReadonlyMap<string, string>,
  cache: CompileCache,
): void {
  for (const { document, ...rest } of specs) {
    const key = keys.get(document.file);
    if (key !== undefined) cache.set(key, JSON.stringify(rest));
  }
}
