import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ParsedField, ParsedFieldDep, ParsedSpec } from "../parse/parsed-spec.ts";
import type { JsonPath } from "../source/json-document.ts";
import type { LinkedDep, LinkedFeature } from "./linked-feature.ts";
import { fieldKeys, hasParents } from "./map-fields.ts";

/** What is wrong with the lineage of fields. */
export function checkFields(feature: LinkedFeature): Diagnostic[] {
  const mappings = feature.deps.flatMap((dep) => [...checkMapping(dep, feature.spec)]);
  const fields = feature.spec.fields.flatMap((field) => {
    const entries = [...checkFieldDeps(field, feature)];
    const isCheckable = feature.complete && mappings.length === 0 && entries.length === 0;
    return isCheckable ? [...checkParents(field, feature)] : entries;
  });
  return [...mappings, ...fields];
}

function* checkMapping(
  { parsed, upstream }: LinkedDep,
  { document, fields, key }: ParsedSpec,
): Iterable<Diagnostic> {
  const mapping = parsed.fieldsMapping;
  const path = [...parsed.path, "fieldsMapping"];
  if (mapping.type === "default") {
    yield* checkUpstreamFields(mapping.excludeFields, upstream, document, [...path, "excludeFields"]);
  }
  if (mapping.type !== "specific") return;
  const own = fields.map((field) => field.key);
  for (const [field, upstreamFields] of Object.entries(mapping.mapping)) {
    const fieldPath = [...path, "mapping", field];
    if (!own.includes(field)) {
      const unknown = { suggestion: suggest(field, own), known: own };
      yield createDiagnostic("mapping-unknown-field", document.locateKey(fieldPath), {
        field,
        feature: key,
        ...unknown,
      });
    }
    yield* checkUpstreamFields(upstreamFields, upstream, document, fieldPath);
  }
}

function* checkFieldDeps(field: ParsedField, feature: LinkedFeature): Iterable<Diagnostic> {
  if (field.deps === undefined || field.deps === "all") return;
  for (const entry of field.deps) yield* checkFieldDep(entry, feature);
}

function* checkFieldDep(entry: ParsedFieldDep, { spec, deps }: LinkedFeature): Iterable<Diagnostic> {
  const declared = spec.deps.map((dep) => dep.feature);
  if (!declared.includes(entry.feature)) {
    yield createDiagnostic("field-dep-not-a-dep", spec.document.locate([...entry.path, "feature"]), {
      feature: entry.feature,
      suggestion: suggest(entry.feature, declared),
    });
  }
  const upstream = deps.find((dep) => dep.upstream.key === entry.feature)?.upstream;
  if (upstream === undefined || entry.fields === "all") return;
  yield* checkUpstreamFields(entry.fields, upstream, spec.document, [...entry.path, "fields"]);
}

function* checkUpstreamFields(
  keys: readonly string[],
  upstream: ParsedSpec,
  document: ParsedSpec["document"],
  path: JsonPath,
): Iterable<Diagnostic> {
  const known = fieldKeys(upstream);
  for (const [index, field] of keys.entries()) {
    if (known.includes(field)) continue;
    yield createDiagnostic("upstream-field-unknown", document.locate([...path, index]), {
      field,
      upstream: upstream.key,
      suggestion: suggest(field, known),
      known,
    });
  }
}

function* checkParents(field: ParsedField, { spec, deps }: LinkedFeature): Iterable<Diagnostic> {
  if (deps.length === 0 || hasParents(field, deps)) return;
  yield createDiagnostic("field-without-parents", spec.document.locate(field.keyPath), { field: field.key });
}
