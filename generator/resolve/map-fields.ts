import type { FieldsMapping } from "../parse/feature-spec.ts";
import type { ParsedField, ParsedSpec } from "../parse/parsed-spec.ts";
import { compareText } from "../source/compare-text.ts";
import type { LinkedDep } from "./linked-feature.ts";

/** Full names of the fields that a field is computed from: the union over the deps, ordered, without duplicates. */
export function parentsOf(field: ParsedField, deps: readonly LinkedDep[]): readonly string[] {
  const parents = deps.flatMap((dep) =>
    upstreamFields(field, dep).map((key) => fullNameOf(dep.upstream.key, key)),
  );
  return [...new Set(parents)].sort(compareText);
}

/** Whether a field is computed from any field. */
export function hasParents(field: ParsedField, deps: readonly LinkedDep[]): boolean {
  return deps.some((dep) => upstreamFields(field, dep).length > 0);
}

/** `feature.field`. */
export function fullNameOf(feature: string, field: string): string {
  return `${feature}.${field}`;
}

/** Keys of a spec's fields. */
export function fieldKeys(spec: ParsedSpec): string[] {
  return spec.fields.map((field) => field.key);
}

/** Explicit deps of a field switch the mapping of the dep off for it. */
function upstreamFields(field: ParsedField, dep: LinkedDep): readonly string[] {
  const candidates = fieldKeys(dep.upstream);
  if (field.deps === undefined) return mappedFields(field.key, dep.parsed.fieldsMapping, candidates);
  if (field.deps === "all") return candidates;
  return field.deps
    .filter((entry) => entry.feature === dep.upstream.key)
    .flatMap((entry) => (entry.fields === "all" ? candidates : entry.fields));
}

/** Keys of the upstream fields, among `candidates`, to which a mapping leads from the field of a key. */
export function mappedFields(
  key: string,
  mapping: FieldsMapping,
  candidates: readonly string[],
): readonly string[] {
  switch (mapping.type) {
    case "all":
      return candidates;
    case "none":
      return [];
    case "specific":
      return Object.hasOwn(mapping.mapping, key) ? (mapping.mapping[key] ?? []) : [];
    case "default": {
      const { excludeFields = [], matchSuffix = false } = mapping;
      const kept = candidates.filter((candidate) => !excludeFields.includes(candidate));
      const matches = kept.filter(
        (candidate) => candidate === key || (matchSuffix && candidate.endsWith(`/${key}`)),
      );
      return matches.length > 0 ? matches : kept;
    }
  }
}
