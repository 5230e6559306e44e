import { printColumn } from "../../runtime/columns/column-type.ts";
import type { EngineName, Feature, FeatureTypes } from "../../runtime/contract.ts";
import type { FeatureModel, ProjectModel } from "../resolve/project-model.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { defaultEngines } from "./by-engine.ts";
import { planFeature } from "./plan-feature.ts";
import { previousDefinition } from "./previous-definition.ts";

/** Settings of a project that decide what its modules hold. */
export interface ValueOptions {
  readonly hashLength: number;
  /** The engines for which SQL is printed. Default: DuckDB alone. */
  readonly engines?: readonly EngineName[];
}

/** The value that a feature's module exports: what emit prints, and what commands hand to a store. */
export function featureValue(
  feature: FeatureModel,
  versions: ProjectVersions,
  { hashLength, engines = defaultEngines }: ValueOptions,
): Feature<FeatureTypes> {
  const own = versions.features.get(feature);
  if (own === undefined) throw new Error(`${feature.key} has no versions`);
  const previous = previousDefinition(feature, versions, engines);
  return {
    contract: 2,
    key: feature.key,
    table: feature.table,
    featureVersion: own.featureVersion,
    hashLength,
    fields: Object.fromEntries(
      feature.fields.map((field) => [
        field.key,
        {
          version: own.fields.get(field) ?? "",
          codeVersion: field.codeVersion,
          parents: field.parents.map((parent) => parent.fullName),
        },
      ]),
    ),
    spec: {
      idColumns: feature.idColumns.map((column) => column.name),
      columns: Object.fromEntries(feature.spec.columns.map((column) => [column.name, printColumn(column)])),
      deps: feature.deps.map((dep) => ({
        feature: dep.feature.key,
        optional: dep.optional,
        lineage: dep.lineage,
      })),
      ...(feature.spec.renamedFrom === undefined ? {} : { renamedFrom: feature.spec.renamedFrom }),
    },
    ...(previous === undefined ? {} : { previous }),
    plan: planFeature(feature, versions, engines),
  };
}

/** A feature and its value, computed on demand: a compile with a cache needs few values. */
export interface PlannedFeature {
  readonly model: FeatureModel;
  readonly value: () => Feature<FeatureTypes>;
}

/** Plans the features of a project. */
export function planFeatures(
  { features }: ProjectModel,
  versions: ProjectVersions,
  options: ValueOptions,
): readonly PlannedFeature[] {
  return features.map((model) => ({ model, value: () => featureValue(model, versions, options) }));
}
