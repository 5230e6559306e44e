import { compileModel } from "../../generator/compile-project.ts";
import { featureValue } from "../../generator/plan/index.ts";
import type { AnyFeature } from "../../runtime/index.ts";

/** Compiles specs in memory and gives the feature values by key; throws with all diagnostics where there are errors. */
export function loadProject(
  specs: readonly object[],
  { hashLength }: { readonly hashLength: number },
): Record<string, AnyFeature> {
  const sources = Object.fromEntries(
    specs.map((spec, index) => [`schemas/spec-${index}.feature.json`, JSON.stringify(spec, null, 2)]),
  );
  const { project, versions, diagnostics } = compileModel(sources, { hashLength, schemas: "schemas" });
  if (project === undefined || versions === undefined) {
    throw new Error(
      diagnostics.map((d) => `${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`).join("\n"),
    );
  }
  return Object.fromEntries(
    project.features.map((feature) => [feature.key, featureValue(feature, versions, hashLength)]),
  );
}

/** One feature of {@link loadProject}, at full hash length. */
export function loadFeature(specs: readonly object[], key: string): AnyFeature {
  const feature = loadProject(specs, { hashLength: 64 })[key];
  if (feature === undefined) throw new Error(`No feature ${key}`);
  return feature;
}
