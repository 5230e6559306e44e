import canonicalize from "canonicalize";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import { compareText } from "../source/compare-text.ts";

/**
 * The whole spec as canonical JSON (RFC 8785), defaults filled in and `$ref` inlined.
 *
 * Anything that a user can edit changes it, except formatting, the order of keys, `$schema` and the path of the file.
 */
export function canonicalDefinition(spec: ParsedSpec): string {
  const definition = {
    title: spec.title,
    description: spec.description,
    columns: spec.columns
      .map(({ name, nullable, schema }) => ({ name, nullable, schema }))
      .sort((a, b) => compareText(a.name, b.name)),
    key: spec.key,
    idColumns: spec.idColumns,
    deps: spec.deps.map(({ path, featurePath, ...dep }) => dep),
    fields: spec.fields.map(({ path, keyPath, deps, ...field }) => ({
      ...field,
      deps: deps === undefined || deps === "all" ? deps : deps.map(({ path: _, ...dep }) => dep),
    })),
    renamedFrom: spec.renamedFrom,
    metadata: spec.metadata,
  };
  return canonicalize(definition) ?? "";
}
