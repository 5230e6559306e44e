import { type ColumnType, parseColumn } from "../../columns/column-type.ts";
import { scalarTypes } from "../../columns/scalar-types.ts";
import type { DepDefinition, FeatureDefinition, FieldDefinition } from "../../pushing.ts";

/**
 * The spec of a feature in the form that the Python system stores as `feature_spec` (`FeatureSpec.model_dump` of Metaxy
 * 0.1.11), so that it can load features that Stemma pushed.
 */
export function recordedSpec(key: string, { idColumns, deps, fields }: FeatureDefinition): object {
  return {
    key,
    id_columns: idColumns,
    deps: deps.map(recordedDep),
    fields: Object.entries(fields).map(([field, definition]) => recordedField(field, definition)),
    metadata: {},
    description: null,
  };
}

function recordedDep({ feature, select, rename, where, optional, ...dep }: DepDefinition): object {
  return {
    feature,
    select: select ?? null,
    rename: rename ?? null,
    fields_mapping: { mapping: recordedMapping(dep.fieldsMapping) },
    sql_filters: where ?? null,
    lineage: { relationship: recordedLineage(dep.lineage) },
    optional: optional ?? false,
  };
}

function recordedMapping(mapping: DepDefinition["fieldsMapping"] = { type: "default" }): object {
  const { type } = mapping;
  if (type === "specific") return { type, mapping: mapping.mapping ?? {} };
  if (type !== "default") return { type };
  return {
    type,
    match_suffix: mapping.matchSuffix ?? false,
    exclude_fields: mapping.excludeFields ?? [],
  };
}

/** How the Python system calls the kinds of a lineage. */
const relationships: Readonly<Record<string, object>> = {
  identity: { type: "1:1" },
  aggregation: { type: "N:1" },
  expansion: { type: "1:N", id_generation_pattern: null },
};

function recordedLineage({ type, on }: DepDefinition["lineage"]): object {
  return { ...relationships[type], ...(on === undefined ? {} : { on }) };
}

const allFields = "__METAXY_ALL_DEP__";

function recordedField(key: string, { codeVersion, deps = [] }: FieldDefinition): object {
  if (typeof deps === "string") return { key, code_version: codeVersion, deps: allFields };
  const entries = deps.map(({ feature, fields }) => ({
    feature,
    fields: typeof fields === "string" ? allFields : fields,
  }));
  return { key, code_version: codeVersion, deps: entries };
}

/** The columns of a feature as a JSON Schema, which the Python system stores as `feature_schema`. */
export function recordedSchema({ name, columns }: FeatureDefinition): object {
  const facts = Object.entries(columns).map(([column, details]) => {
    const { type, nullable } = parseColumn(typeof details === "string" ? details : details.type);
    return { column, schema: schemaOf(type), nullable };
  });
  return {
    title: name,
    type: "object",
    properties: Object.fromEntries(
      facts.map(({ column, schema, nullable }) => [
        column,
        nullable ? { anyOf: [schema, { type: "null" }], default: null } : schema,
      ]),
    ),
    required: facts.filter(({ nullable }) => !nullable).map(({ column }) => column),
    additionalProperties: false,
  };
}

function schemaOf(type: ColumnType): object {
  switch (type.kind) {
    case "scalar":
      return scalarTypes[type.name].schema;
    case "list":
      return { type: "array", items: schemaOf(type.items) };
    case "map":
      return { type: "object", additionalProperties: schemaOf(type.values) };
    case "struct":
      return {
        type: "object",
        properties: Object.fromEntries(type.members.map((member) => [member.name, schemaOf(member.type)])),
      };
    case "json":
      return {};
  }
}
