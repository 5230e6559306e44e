import { compileFilter } from "../../runtime/filter/index.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ParsedDep, ParsedSpec } from "../parse/parsed-spec.ts";
import { arrivingColumns, arrivingName } from "./join-deps.ts";
import { declaredOn, lineageRules } from "./lineage-rules.ts";
import type { LinkedDep, LinkedFeature } from "./linked-feature.ts";

/** The specs that deps may name. */
export interface SpecIndex {
  readonly byKey: ReadonlyMap<string, ParsedSpec>;
  /** Keys that exist, but whose spec is broken or is declared twice: said elsewhere, so a dep on them says nothing. */
  readonly unusable: ReadonlySet<string>;
  /** The key that an unknown one most likely means. */
  suggestKey(unknown: string): string | undefined;
}

/** Indexes specs by key. */
export function indexSpecs(specs: readonly ParsedSpec[], brokenKeys: ReadonlySet<string>): SpecIndex {
  const byKey = new Map<string, ParsedSpec>();
  const unusable = new Set(brokenKeys);
  for (const spec of specs) {
    if (byKey.has(spec.key)) unusable.add(spec.key);
    byKey.set(spec.key, spec);
  }
  for (const key of unusable) byKey.delete(key);
  return { byKey, unusable, suggestKey: keySuggester([...byKey.keys(), ...unusable]) };
}

/** Looks at all keys for the first unknown ones only: beyond those, the time goes into hints that nobody reads. */
function keySuggester(keys: readonly string[]): (unknown: string) => string | undefined {
  const suggestions = new Map<string, string | undefined>();
  return (unknown) => {
    if (!suggestions.has(unknown) && suggestions.size < maxSuggestions)
      suggestions.set(unknown, suggest(unknown, keys));
    return suggestions.get(unknown);
  };
}

const maxSuggestions = 100;

/** Links the deps of a feature; those that can't be linked are left out. */
export function linkFeature(spec: ParsedSpec, index: SpecIndex): LinkedFeature {
  const deps = distinctDeps(spec).flatMap((dep) => {
    const upstream = dep.feature === spec.key ? undefined : index.byKey.get(dep.feature);
    return upstream === undefined ? [] : [linkDep(dep, upstream, spec)];
  });
  return { spec, deps, complete: deps.length === spec.deps.length };
}

/** What is wrong with the features that the deps name. */
export function* checkLinks(spec: ParsedSpec, index: SpecIndex): Iterable<Diagnostic> {
  const seen = new Set<string>();
  for (const dep of spec.deps) {
    const { feature } = dep;
    const at = (): SourceSpan => spec.document.locate(dep.featurePath);
    if (feature === spec.key) {
      yield createDiagnostic("dep-on-itself", at(), { feature });
    } else if (seen.has(feature)) {
      yield createDiagnostic("dep-duplicate", at(), { feature });
    } else if (!index.byKey.has(feature) && !index.unusable.has(feature)) {
      const suggestion = index.suggestKey(feature);
      yield createDiagnostic("dep-unknown", at(), {
        feature,
        suggestion: suggestion === spec.key ? undefined : suggestion,
      });
    }
    seen.add(feature);
  }
}

function distinctDeps(spec: ParsedSpec): ParsedDep[] {
  return [...new Map(spec.deps.toReversed().map((dep) => [dep.feature, dep])).values()].toReversed();
}

function linkDep(parsed: ParsedDep, upstream: ParsedSpec, feature: ParsedSpec): LinkedDep {
  const ids = upstream.idColumns.map((column) => arrivingName(column, parsed.rename));
  const rules = lineageRules[parsed.lineage.type];
  const grain = rules.grain({ on: declaredOn(parsed), upstreamIds: ids, ownIds: feature.idColumns });
  const names = arrivingColumns(
    upstream.columns.map((column) => [column.name, column]),
    parsed.rename,
  );
  const where = compileFilters(parsed.where, names);
  return { parsed, upstream, names, ids, grain, where, lineage: rules.withGrain(grain) };
}

function compileFilters(filters: readonly string[], names: LinkedDep["names"]): LinkedDep["where"] {
  if (filters.length === 0) return [];
  const types = new Map([...names].map(([name, { type }]) => [name, type]));
  return filters.map((filter) => compileFilter(filter, types));
}
