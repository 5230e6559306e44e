import { featureValue } from "../../generator/plan/index.ts";
import type { AnyFeature } from "../../runtime/index.ts";
import { compileSpecs } from "./compile-specs.ts";

/** Compiles specs in memory and gives the feature values by key; throws with all diagnostics where there are errors. */
export function loadProject(
  specs: readonly object[],
  { hashLength }: { readonly hashLength: number },
): Record<string, AnyFeature> {
  const { model, versions } = compileSpecs(specs, { hashLength });
  return Object.fromEntries(
    model.features.map((feature) => [feature.key, featureValue(feature, versions, { hashLength })]),
  );
}

/** One feature of {@link loadProject}, at full hash length. */
export function loadFeature(specs: readonly object[], key: string): AnyFeature {
  const feature = loadProject(specs, { hashLength: 64 })[key];
  if (feature === undefined) throw new Error(`No feature ${key}`);
  return feature;
}
