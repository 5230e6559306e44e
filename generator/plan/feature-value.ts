import { printColumn } from "../../runtime/columns/column-type.ts";
import type { Feature, FeatureTypes } from "../../runtime/contract.ts";
import type { FeatureModel } from "../resolve/project-model.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { planFeature } from "./plan-feature.ts";
import { previousDefinition } from "./previous-definition.ts";

/** The value that a feature's module exports: what emit prints, and what commands hand to a store. */
export function featureValue(
  feature: FeatureModel,
  versions: ProjectVersions,
  hashLength: number,
): Feature<FeatureTypes> {
  const own = versions.features.get(feature);
  if (own === undefined) throw new Error(`${feature.key} has no versions`);
  const previous = previousDefinition(feature, versions);
  return {
    contract: 1,
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
    plan: planFeature(feature, versions),
  };
}
