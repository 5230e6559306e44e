import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { compareText } from "../source/compare-text.ts";
import { isSpecFile, type ReadSources } from "../source/index.ts";
import { parseSpec } from "./parse-spec.ts";
import type { ParsedSpec } from "./parsed-spec.ts";

export { cacheSpecs, loadCachedSpecs } from "./cached-specs.ts";
export type { ParsedSpec } from "./parsed-spec.ts";

/** The specs of a project, each checked in itself. */
export interface ParsedSpecs {
  readonly specs: readonly ParsedSpec[];
  /** Keys of the features whose specs have errors, as far as they can be read: they exist, but are not among `specs`. */
  readonly brokenKeys: ReadonlySet<string>;
  /** The specs of which nothing is said, not even a warning. */
  readonly clean: ReadonlySet<ParsedSpec>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses every spec among the sources, but those that are `known` already. What several specs share (a `$ref`'s target)
 * is reported once.
 */
export function parseSpecs(
  sources: ReadSources,
  known: ReadonlyMap<string, ParsedSpec> = new Map(),
): ParsedSpecs {
  const specs: ParsedSpec[] = [...known.values()];
  const clean = new Set<ParsedSpec>();
  const brokenKeys = new Set<string>();
  const diagnostics = new Map<string, Diagnostic>();
  for (const document of sources.documents.values()) {
    if (!isSpecFile(document.file) || known.has(document.file)) continue;
    const result = parseSpec(document, sources);
    if (result.spec !== undefined) specs.push(result.spec);
    else if (result.key !== undefined) brokenKeys.add(result.key);
    if (result.spec !== undefined && result.diagnostics.length === 0) clean.add(result.spec);
    for (const diagnostic of result.diagnostics) diagnostics.set(identityOf(diagnostic), diagnostic);
  }
  for (const text of sources.unreadable.values()) {
    const key = keyIn(text);
    if (key !== undefined) brokenKeys.add(key);
  }
  specs.sort((a, b) => compareText(a.document.file, b.document.file));
  return { specs, brokenKeys, clean, diagnostics: [...diagnostics.values()] };
}

function identityOf({ file, line, column, code, message }: Diagnostic): string {
  return [file, line, column, code, message].join("\n");
}

/** The key in a text that is not JSON: where a comma is missing, what is computed from the feature is not wrong too. */
function keyIn(text: string): string | undefined {
  return /"feature"\s*:\s*\{[^{}]*?"key"\s*:\s*"([^"\\]*)"/.exec(text)?.[1];
}
