import { cacheKey } from "../pipeline/index.ts";
import type { FeatureModel, ProjectModel } from "./project-model.ts";

/**
 * The cache key of each feature: of its spec, of all specs above it, and of the settings that they are compiled by.
 *
 * What is generated from a feature names its direct upstreams, whose versions come from those above them.
 */
export function featureKeys(
  { features }: ProjectModel,
  specKeys: ReadonlyMap<string, string>,
  { hashLength, schemas }: { readonly hashLength: number; readonly schemas: string },
): ReadonlyMap<FeatureModel, string> {
  const keys = new Map<FeatureModel, string>();
  for (const feature of features) {
    const spec = specKeys.get(feature.spec.document.file);
    const upstream = feature.deps.map((dep) => keys.get(dep.feature));
    keys.set(feature, cacheKey("feature", hashLength, schemas, spec, upstream));
  }
  return keys;
}
