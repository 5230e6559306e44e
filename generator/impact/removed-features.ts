import { tableOf } from "../../runtime/columns/table-name.ts";
import { featureFacts } from "../diff/model/feature-facts.ts";
import type { Manifest, ManifestFeature } from "../manifest/index.ts";
import { planTraits } from "../plan/index.ts";
import type { ProjectModel } from "../resolve/project-model.ts";
import type { StoredFeature } from "./simulated-feature.ts";

/** The features of a manifest that the project no longer has. */
export function removedFeatures(before: Manifest, { features }: ProjectModel): StoredFeature[] {
  const present = new Set(features.map(({ key }) => key));
  return Object.entries(before.features)
    .filter(([key]) => !present.has(key))
    .map(([key, feature]) => storedFeature(key, feature, before));
}

function storedFeature(key: string, feature: ManifestFeature, before: Manifest): StoredFeature {
  const { idColumns, featureVersion } = feature;
  const { grain } = featureFacts(feature, before);
  const columns = Object.entries(feature.columns).map(([name, column]) => [
    name,
    typeof column === "string" ? column : column.type,
  ]);
  return {
    key,
    table: tableOf(key),
    featureVersion,
    hashLength: before.hashLength,
    spec: { idColumns, columns: Object.fromEntries(columns) },
    plan: {
      grain,
      traits: planTraits({ idColumns, grain, lineages: feature.deps.map(({ lineage }) => lineage) }),
    },
  };
}
