import type { Location } from "../../diagnostics/location.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import type { JsonDocument, JsonPath } from "../../source/json-document.ts";
import { readJsonDocument } from "../../source/read-json-document.ts";
import type { Sources } from "../../source/source-file.ts";

/** The specs of one state, by feature key. A `Map` is one. */
export interface SpecDocuments {
  get(featureKey: string): JsonDocument | undefined;
}

/** The specs from which a manifest was compiled; each is parsed when it is first read. */
export function readSpecDocuments(sources: Sources, manifest: Manifest): SpecDocuments {
  const documents = new Map<string, JsonDocument | undefined>();
  return {
    get(featureKey) {
      if (!documents.has(featureKey)) documents.set(featureKey, readSpec(featureKey, sources, manifest));
      return documents.get(featureKey);
    },
  };
}

function readSpec(featureKey: string, sources: Sources, manifest: Manifest): JsonDocument | undefined {
  const file = manifest.features[featureKey]?.spec;
  const text = file === undefined ? undefined : sources[file];
  return file === undefined || text === undefined ? undefined : readJsonDocument(file, text).document;
}

/** Finds the path of a part of a spec. Where the part was removed, the path ends in the nearest enclosing one. */
export type SpecPath = (spec: unknown) => JsonPath;

/** Location of a part of the spec of a feature; absent where the feature was removed. */
export function locateSpecPath(
  specs: SpecDocuments,
  feature: string,
  specPath: SpecPath,
): Location | undefined {
  const document = specs.get(feature);
  if (document === undefined) return undefined;
  const { file, line, column } = document.locate(specPath(document.value));
  return { file, line, column };
}

/** The feature as a whole. */
export const featurePath: SpecPath = () => ["feature", "key"];

/** A property of the spec, or of its `feature`. */
export function propertyPath(...path: JsonPath): SpecPath {
  return () => path;
}

/** A field, or a property of it. */
export function fieldPath(key: string, ...rest: JsonPath): SpecPath {
  return (spec) => [...entryPath(spec, "fields", "key", key), ...rest];
}

/** A dep, or a property of it. */
export function depPath(upstream: string, ...rest: JsonPath): SpecPath {
  return (spec) => [...entryPath(spec, "deps", "feature", upstream), ...rest];
}

/** Path of the entry of a list of the feature: a bare name, or an object that holds the name. */
function entryPath(spec: unknown, list: string, name: string, expected: string): JsonPath {
  const entries = member(member(spec, "feature"), list);
  if (!Array.isArray(entries)) return ["feature", list];
  const index = entries.findIndex((entry) => entry === expected || member(entry, name) === expected);
  return index === -1 ? ["feature", list] : ["feature", list, index];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
