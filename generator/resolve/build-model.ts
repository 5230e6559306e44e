import type { ParsedColumn, ParsedSpec } from "../parse/parsed-spec.ts";
import { memberOf, namesOf } from "./feature-name.ts";
import type { JoinedDep, JoinedFeature } from "./join-feature.ts";
import { fullNameOf, parentsOf } from "./map-fields.ts";
import type { DepModel, FeatureModel, FieldModel, ProjectModel } from "./project-model.ts";

/** Builds the model of a project without errors; upstream features come before those that need them. */
export function buildModel(ordered: readonly JoinedFeature[], schemasFolder: string): ProjectModel {
  const features = new Map<string, FeatureModel>();
  const fields = new Map<string, FieldModel>();
  for (const joined of ordered) {
    const feature = buildFeature(joined, schemasFolder, features, fields);
    features.set(feature.key, feature);
    for (const field of feature.fields) fields.set(field.fullName, field);
  }
  return { features: [...features.values()] };
}

function buildFeature(
  joined: JoinedFeature,
  schemasFolder: string,
  features: ReadonlyMap<string, FeatureModel>,
  upstreamFields: ReadonlyMap<string, FieldModel>,
): FeatureModel {
  const { spec } = joined;
  const fields: FieldModel[] = [];
  const feature: FeatureModel = {
    key: spec.key,
    ...namesOf(spec, schemasFolder),
    spec,
    idColumns: spec.idColumns.map((name) => columnOf(spec, name)),
    deps: joined.deps.map((dep) => buildDep(dep, getResolved(features, dep.upstream.key))),
    fields,
    joinColumns: joined.joinColumns,
    grain: joined.grain,
  };
  for (const field of spec.fields) {
    fields.push({
      feature,
      key: field.key,
      fullName: fullNameOf(spec.key, field.key),
      member: memberOf(field.key),
      codeVersion: field.codeVersion,
      parents: parentsOf(field, joined.deps).map((parent) => getResolved(upstreamFields, parent)),
    });
  }
  return feature;
}

function buildDep(dep: JoinedDep, feature: FeatureModel): DepModel {
  return {
    feature,
    optional: dep.parsed.optional,
    lineage: dep.lineage,
    columns: dep.columns,
    where: dep.where.flatMap((result) => (result.ok ? [result.value] : [])),
    names: dep.names,
  };
}

function columnOf(spec: ParsedSpec, name: string): ParsedColumn {
  return getResolved(new Map(spec.columns.map((column) => [column.name, column])), name);
}

/** All names were checked before: one that is missing here is a bug. */
function getResolved<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`Unresolved name: ${name}`);
  return value;
}
