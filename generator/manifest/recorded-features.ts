import type { CompileCache } from "../pipeline/index.ts";
import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";
import type { FeatureVersions } from "../versions/project-versions.ts";
import type { ManifestFeature } from "./manifest.ts";

/** What an earlier compile wrote into the manifest of a feature. */
export interface RecordedFeature {
  readonly text: string;
  readonly entry: ManifestFeature;
}

/** What earlier compiles wrote into the manifest of features. `keys` are of all that each depends on. */
export type RecordedFeatures = ReadonlyMap<FeatureModel, RecordedFeature>;

/** Looks for features in the cache. */
export function recallFeatures(
  keys: ReadonlyMap<FeatureModel, string>,
  cache: CompileCache,
): RecordedFeatures {
  const known = new Map<FeatureModel, RecordedFeature>();
  for (const [feature, key] of keys) {
    const recorded = cache.read<RecordedFeature>(`manifest ${key}`, (text) => ({
      text,
      entry: JSON.parse(text),
    }));
    if (recorded !== undefined) known.set(feature, recorded);
  }
  return known;
}

/** Keeps the text of each feature, by its key in the project, for later compiles. */
export function rememberFeatures(
  texts: ReadonlyMap<string, string>,
  keys: ReadonlyMap<FeatureModel, string>,
  cache: CompileCache,
): void {
  for (const [feature, key] of keys) cache.set(`manifest ${key}`, texts.get(feature.key) ?? "");
}

/** The versions of features as they are recorded. */
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
