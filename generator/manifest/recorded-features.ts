import type { CompileCache } from "../pipeline/index.ts";
import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";
import type { FeatureVersions } from "../versions/project-versions.ts";
import type { ManifestFeature } from "./manifest.ts";

/** The manifest entry of a feature from an earlier compile. */
export interface RecordedFeature {
  readonly text: string;
  readonly entry: ManifestFeature;
}

/** Manifest entries from earlier compiles. */
export type RecordedFeatures = ReadonlyMap<FeatureModel, RecordedFeature>;

/** Reads entries from the cache. The key of a feature covers all that its entry depends on. */
export function loadCachedFeatures(
  keys: ReadonlyMap<FeatureModel, string>,
  cache: CompileCache,
): RecordedFeatures {
  const cached = new Map<FeatureModel, RecordedFeature>();
  for (const [feature, key] of keys) {
    const recorded = cache.read<RecordedFeature>(`manifest ${key}`, (text) => ({
      text,
      entry: JSON.parse(text),
    }));
    if (recorded !== undefined) cached.set(feature, recorded);
  }
  return cached;
}

/** Stores the entry of each feature in the cache. `texts` has them by feature key. */
export function cacheFeatures(
  texts: ReadonlyMap<string, string>,
  keys: ReadonlyMap<FeatureModel, string>,
  cache: CompileCache,
): void {
  for (const [feature, key] of keys) cache.set(`manifest ${key}`, texts.get(feature.key) ?? "");
}

/** The versions in recorded entries. */
export function recordedVersions(recorded: RecordedFeatures): ReadonlyMap<FeatureModel, FeatureVersions> {
  return new Map(
    [...recorded].map(([feature, { entry }]) => {
      const { featureVersion, codeVersion, definitionVersion } = entry;
      const version = (field: FieldModel): string => entry.fields[field.key]?.version ?? "";
      const fields = new Map(feature.fields.map((field) => [field, version(field)]));
      return [feature, { featureVersion, codeVersion, definitionVersion, fields }];
    }),
  );
}
