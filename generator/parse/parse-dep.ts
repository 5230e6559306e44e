import type { JsonPath } from "../source/json-document.ts";
import type { DepEntry, FieldsMapping } from "./feature-spec.ts";
import type { ParsedDep, ParsedFieldsMapping } from "./parsed-spec.ts";

/** A dependency with its defaults filled in. */
export function parseDep(written: DepEntry, path: JsonPath): ParsedDep {
  const dep = typeof written === "string" ? { feature: written } : written;
  return {
    feature: dep.feature,
    ...(dep.select === undefined ? {} : { select: dep.select }),
    rename: dep.rename ?? {},
    where: dep.where ?? [],
    optional: dep.optional ?? false,
    lineage: dep.lineage ?? { type: "identity" },
    fieldsMapping: parseMapping(dep.fieldsMapping ?? { type: "default" }),
    path,
    featurePath: typeof written === "string" ? path : [...path, "feature"],
  };
}

function parseMapping(mapping: FieldsMapping): ParsedFieldsMapping {
  if (mapping.type !== "default") return mapping;
  return {
    type: "default",
    matchSuffix: mapping.matchSuffix ?? false,
    excludeFields: mapping.excludeFields ?? [],
  };
}
