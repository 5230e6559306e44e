import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Memo, noMemo } from "../pipeline/index.ts";
import { compareText } from "../source/compare-text.ts";
import { isSpecFile, type ReadSources } from "../source/index.ts";
import { lazyJsonDocument } from "../source/read-json-document.ts";
import type { Sources } from "../source/source-file.ts";
import { specTexts } from "../source/spec-texts.ts";
import { parseSpec } from "./parse-spec.ts";
import type { ParsedSpec } from "./parsed-spec.ts";

export type { ParsedSpec } from "./parsed-spec.ts";

/** The specs of a project, each checked in itself. */
export interface ParsedSpecs {
  readonly specs: readonly ParsedSpec[];
  /** Keys of the features whose specs have errors, as far as they can be read: they exist, but are not among `specs`. */
  readonly brokenKeys: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses every spec among the sources that is not cached. A problem that several specs share (in the target of a `$ref`)
 * is reported once.
 */
export function parseSpecs(sources: ReadSources, cached: CachedSpecs = noCachedSpecs): ParsedSpecs {
  const specs: ParsedSpec[] = [...cached.specs.values()];
  const brokenKeys = new Set<string>();
  const diagnostics = new Map<string, Diagnostic>();
  for (const document of sources.documents.values()) {
    if (!isSpecFile(document.file) || cached.specs.has(document.file)) continue;
    const result = parseSpec(document, sources);
    if (result.spec !== undefined) specs.push(result.spec);
    else if (result.key !== undefined) brokenKeys.add(result.key);
    // A problem of a shared file is reported again by the next compile, so that nothing is stored while it has one.
    const isClean = sources.diagnostics.length === 0 && result.diagnostics.length === 0;
    if (result.spec !== undefined && isClean) cached.store(result.spec);
    for (const diagnostic of result.diagnostics) diagnostics.set(identityOf(diagnostic), diagnostic);
  }
  for (const text of sources.unreadable.values()) {
    const key = keyIn(text);
    if (key !== undefined) brokenKeys.add(key);
  }
  specs.sort((a, b) => compareText(a.document.file, b.document.file));
  for (const spec of specs) cached.identify(spec);
  return { specs, brokenKeys, diagnostics: [...diagnostics.values()] };
}

function identityOf({ file, line, column, code, message }: Diagnostic): string {
  return [file, line, column, code, message].join("\n");
}

/** The key in a text that is not JSON, so that a missing comma causes no errors in features downstream. */
function keyIn(text: string): string | undefined {
  return /"feature"\s*:\s*\{[^{}]*?"key"\s*:\s*"([^"\\]*)"/.exec(text)?.[1];
}

/** The specs that an earlier compile parsed without diagnostics, and where those of this one are stored. */
export interface CachedSpecs {
  /** By file. */
  readonly specs: ReadonlyMap<string, ParsedSpec>;
  /** Gives a spec the key of all texts that it depends on. */
  identify(spec: ParsedSpec): void;
  /** Stores a spec without diagnostics. */
  store(spec: ParsedSpec): void;
}

/** Loads the specs that the memo has. */
export function loadCachedSpecs(sources: Sources, memo: Memo): CachedSpecs {
  const texts = memo.isActive ? specTexts(sources) : new Map<string, string>();
  const specs = new Map<string, ParsedSpec>();
  const slotOf = (file: string) => memo("parse", texts.get(file) ?? "");
  for (const file of texts.keys()) {
    const spec = slotOf(file).read<ParsedSpec>((text) => {
      const rest: Omit<ParsedSpec, "document"> = JSON.parse(text);
      return { document: lazyJsonDocument(file, sources[file] ?? ""), ...rest };
    });
    if (spec !== undefined) specs.set(file, spec);
  }
  return {
    specs,
    identify: (spec) => memo.identify(spec, () => [texts.get(spec.document.file)]),
    store: ({ document, ...rest }) => {
      if (memo.isActive) slotOf(document.file).store(JSON.stringify(rest));
    },
  };
}

/** No specs of earlier compiles. */
const noCachedSpecs: CachedSpecs = loadCachedSpecs({}, noMemo);
