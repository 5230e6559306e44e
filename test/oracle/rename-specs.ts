import { defineFeatures, type FeatureDefinition } from "./definitions.ts";
import type { DepDocument, FieldDocument, SpecDocument } from "./spec-document.ts";

/** Which names change, for each feature in turn: bit 0 its key, the others its fields. */
export interface RenameRecipe {
  readonly masks: readonly number[];
  /** Stands before new names, so that they come before or after the others. */
  readonly prefix: "a/" | "zz-";
}

/**
 * The specs with other names of features and fields, and `renamedFrom` where a name is another.
 *
 * Parents are named one by one, since which fields are mapped onto each other may hang on their names.
 */
export function renameSpecs(
  specs: readonly SpecDocument[],
  { masks, prefix }: RenameRecipe,
): readonly SpecDocument[] {
  const definitions = defineFeatures(specs, 64);
  const maskOf = new Map(specs.map(({ feature }, index) => [feature.key, masks[index % masks.length] ?? 0]));
  const keyOf = (key: string): string => ((maskOf.get(key) ?? 0) & 1 ? prefix + key : key);
  const fieldOf = (feature: FeatureDefinition, index: number): string => {
    const key = feature.fields[index]?.key ?? "";
    return ((maskOf.get(feature.key) ?? 0) >> (index + 1)) & 1 ? prefix + key : key;
  };
  const parentsOf = ({ parents }: FeatureDefinition["fields"][number], key: string): string[] => {
    const upstream = definitions.get(key);
    if (upstream === undefined) throw new Error(`no feature ${key}`);
    return upstream.fields.flatMap(({ fullName }, index) =>
      parents.some((parent) => parent.fullName === fullName) ? [fieldOf(upstream, index)] : [],
    );
  };
  return [...definitions.values()].map((feature) => {
    const deps = feature.deps.map(({ fieldsMapping: _, ...dep }): DepDocument => {
      return { ...dep, feature: keyOf(dep.feature) };
    });
    const fields = feature.fields.map((field, index): FieldDocument => {
      const parents = feature.deps
        .map((dep) => ({ feature: keyOf(dep.feature), fields: parentsOf(field, dep.feature) }))
        .filter((entry) => entry.fields.length > 0);
      return {
        ...called(fieldOf(feature, index), field.key),
        codeVersion: field.codeVersion,
        ...(parents.length === 0 ? {} : { deps: parents }),
      };
    });
    const own = { ...feature.spec.feature, ...called(keyOf(feature.key), feature.key) };
    return {
      ...feature.spec,
      feature: deps.length === 0 ? { ...own, fields } : { ...own, deps, fields },
    };
  });
}

function called(key: string, was: string): { readonly key: string } {
  return key === was ? { key } : Object.assign({ key }, { renamedFrom: was });
}
