import { type Memo, noMemo } from "../pipeline/index.ts";
import { lazyJsonDocument } from "../source/read-json-document.ts";
import type { Sources } from "../source/source-file.ts";
import { specTexts } from "../source/spec-texts.ts";
import type { ParsedSpec } from "./parsed-spec.ts";

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
export const noCachedSpecs: CachedSpecs = loadCachedSpecs({}, noMemo);
