import type { JsonDocument, JsonPath } from "../../source/json-document.ts";
import type { Location } from "./version-diff.ts";

/** The specs as they are now, by feature key. A `Map` is one. */
export interface SpecDocuments {
  get(featureKey: string): JsonDocument | undefined;
}

/** Leads to a part of a spec. Where the part is gone, the path ends in the nearest enclosing one. */
export type SpecPath = (spec: unknown) => JsonPath;

/** Where a part of a feature's spec stands now; absent where the feature is gone. */
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
