import { cacheKey } from "../cache/index.ts";
import type { FeatureModel, ProjectModel } from "../resolve/project-model.ts";

/**
 * The cache key of each feature's module: of its spec, and of all specs above it.
 *
 * A module names its direct upstreams, whose versions come from those above them.
 */
export function moduleKeys(
  { features }: ProjectModel,
  specKeys: ReadonlyMap<string, string>,
  { hashLength, schemas }: { readonly hashLength: number; readonly schemas: string },
): ReadonlyMap<FeatureModel, string> {
  const keys = new Map<FeatureModel, string>();
  for (const feature of features) {
    const spec = specKeys.get(feature.spec.document.file);
    const above = feature.deps.map((dep) => keys.get(dep.feature));
    if (spec !== undefined) keys.set(feature, cacheKey("module", hashLength, schemas, spec, above));
  }
  return keys;
}
