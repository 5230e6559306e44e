import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import type { Place } from "./version-diff.ts";

/** The specs as they are now, by feature key. A `Map` is one. */
export interface SpecDocuments {
  get(featureKey: string): JsonDocument | undefined;
}

/** Leads to a part of a spec. Where the part is gone, the path ends in the nearest enclosing one. */
export type PartOfSpec = (spec: unknown) => JsonPath;

/** Where a part of a feature's spec stands now; absent where the feature is gone. */
export function locatePart(specs: SpecDocuments, feature: string, part: PartOfSpec): Place | undefined {
  const document = specs.get(feature);
  if (document === undefined) return undefined;
  const { file, line, column } = document.locate(part(document.value));
  return { file, line, column };
}

/** The feature as a whole. */
export const wholeFeature: PartOfSpec = () => ["feature", "key"];

/** A property of the spec, or of its `feature`. */
export function property(...path: JsonPath): PartOfSpec {
  return () => path;
}

/** A field, or a property of it. */
export function fieldPart(key: string, ...rest: JsonPath): PartOfSpec {
  return (spec) => [...entryPath(spec, "fields", "key", key), ...rest];
}

/** A dep, or a property of it. */
export function depPart(upstream: string, ...rest: JsonPath): PartOfSpec {
  return (spec) => [...entryPath(spec, "deps", "feature", upstream), ...rest];
}

/** Path of the entry of a list of the feature: a bare name, or an object that holds the name. */
function entryPath(spec: unknown, list: string, name: string, wanted: string): JsonPath {
  const entries = member(member(spec, "feature"), list);
  if (!Array.isArray(entries)) return ["feature", list];
  const index = entries.findIndex((entry) => entry === wanted || member(entry, name) === wanted);
  return index === -1 ? ["feature", list] : ["feature", list, index];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
