import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import { compareKeys } from "../source/compare-text.ts";
import type { SpecIndex } from "./link-feature.ts";

/** What is wrong with the keys from which features are renamed: one exists still, or two features take the same. */
export function checkRenames(specs: readonly ParsedSpec[], index: SpecIndex): Diagnostic[] {
  const kind = "feature";
  const renamed = new Map<string, string>();
  return [...specs]
    .sort((a, b) => compareKeys(a.key, b.key))
    .flatMap(({ key, renamedFrom, document }): Diagnostic[] => {
      const from = renamedFrom?.feature;
      if (from === undefined) return [];
      const at = document.locate(["feature", "renamedFrom"]);
      if (index.byKey.has(from) || index.unusable.has(from))
        return [createDiagnostic("renamed-from-exists", at, { kind, from })];
      const other = renamed.get(from);
      if (other !== undefined) return [createDiagnostic("renamed-from-twice", at, { kind, from, other })];
      renamed.set(from, key);
      return [];
    });
}
