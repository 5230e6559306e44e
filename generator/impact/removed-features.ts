import { tableOf } from "../../runtime/columns/table-name.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import { featureFacts } from "../diff/model/feature-facts.ts";
import type { Manifest, ManifestFeature } from "../manifest/index.ts";
import { planTraits } from "../plan/index.ts";
import { memberOf } from "../resolve/feature-name.ts";
import type { ProjectModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";

/** The features that a project had and has no longer, with what it takes to count their rows. */
export function removedFeatures(before: Manifest, { features }: ProjectModel): AnyFeature[] {
  const present = new Set(features.map(({ key }) => key));
  return Object.entries(before.features)
    .filter(([key]) => !present.has(key))
    .map(([key, feature]) => storedFeature(key, feature, before));
}

function storedFeature(key: string, feature: ManifestFeature, before: Manifest): AnyFeature {
  const members = Object.keys(feature.fields).map((field) => [memberOf(field), field] as const);
  const { idColumns } = feature;
  const { grain } = featureFacts(feature, before);
  return {
    contract: 2,
    key,
    table: tableOf(key),
    featureVersion: feature.featureVersion,
    hashLength: before.hashLength,
    fields: {},
    spec: {
      idColumns,
      columns: Object.fromEntries(
        Object.entries(feature.columns).map(([name, column]) => [
          name,
          typeof column === "string" ? column : column.type,
        ]),
      ),
      deps: feature.deps.map(({ feature: upstream, optional = false, lineage }) => ({
        feature: upstream,
        optional,
        lineage,
      })),
    },
    plan: {
      kind: "root",
      grain,
      traits: planTraits({ idColumns, grain, lineages: feature.deps.map(({ lineage }) => lineage) }),
      fieldMembers: Object.fromEntries(members.sort(([a], [b]) => compareText(a, b))),
    },
  };
}
