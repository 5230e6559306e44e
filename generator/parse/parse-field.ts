import type { JsonPath } from "../source/json-document.ts";
import type { FieldDeps, FieldEntry } from "./feature-spec.ts";
import { initialCodeVersion, type ParsedField } from "./parsed-spec.ts";

/** A field with its defaults filled in. */
export function parseField(written: FieldEntry, path: JsonPath): ParsedField {
  const field = typeof written === "string" ? { key: written } : written;
  return {
    key: field.key,
    codeVersion: field.codeVersion ?? initialCodeVersion,
    ...(field.deps === undefined ? {} : { deps: parseFieldDeps(field.deps, [...path, "deps"]) }),
    path,
    keyPath: typeof written === "string" ? path : [...path, "key"],
  };
}

function parseFieldDeps(written: FieldDeps, path: JsonPath): NonNullable<ParsedField["deps"]> {
  if (written === "all") return written;
  return written.map((dep, index) => ({
    feature: dep.feature,
    fields: dep.fields ?? "all",
    path: [...path, index],
  }));
}

/** The field of a feature that names none. */
export function defaultField(path: JsonPath): ParsedField {
  return parseField("default", path);
}
