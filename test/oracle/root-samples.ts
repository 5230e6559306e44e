import type { SampleRecipe, SamplesStep } from "./arbitrary-steps.ts";
import { valueFor } from "./arbitrary-values.ts";
import type { FeatureDefinition } from "./definitions.ts";
import { keyOf, type Row } from "./row.ts";
import { digest } from "./worker-outputs.ts";

/** The samples that a caller knows of each root at the moment. */
export class RootSamples {
  readonly #recipes: Map<string, Map<string, SampleRecipe>> = new Map();

  /** Adds or replaces samples by id, and takes some away. */
  change(root: FeatureDefinition, { put, remove }: SamplesStep): void {
    const recipes = this.#recipes.get(root.key) ?? new Map<string, SampleRecipe>();
    this.#recipes.set(root.key, recipes);
    for (const choice of remove) {
      const keys = [...recipes.keys()];
      recipes.delete(keys[choice % keys.length] ?? "");
    }
    for (const recipe of put) recipes.set(keyOf(columnsOf(root, recipe), root.idColumns), recipe);
  }

  of(root: FeatureDefinition): Row[] {
    const samples = [...(this.#recipes.get(root.key)?.values() ?? [])].map((recipe) =>
      sampleOf(root, recipe),
    );
    // Under other ids than then, some may be one.
    return [...new Map(samples.map((sample) => [keyOf(sample, root.idColumns), sample])).values()];
  }
}

function columnsOf(root: FeatureDefinition, { values }: SampleRecipe): Row {
  return Object.fromEntries(
    Object.entries(root.spec.properties).map(([column, schema]) => [
      column,
      valueFor(column, schema, digest(values, column)),
    ]),
  );
}

/** A sample with the provenance of the recipe in about half of its fields, so that a change may leave others alone. */
function sampleOf(root: FeatureDefinition, recipe: SampleRecipe): Row {
  const members = root.fields.map((field) => field.member);
  const provenance = members.map((member) => [
    member,
    digest(recipe.values, member) % 2 === 0 ? "steady" : recipe.provenance,
  ]);
  const dataVersion = members.map((member) => [member, recipe.dataVersion]);
  return {
    ...columnsOf(root, recipe),
    metaxy_provenance_by_field: Object.fromEntries(provenance),
    ...(recipe.dataVersion === undefined
      ? {}
      : { metaxy_data_version_by_field: Object.fromEntries(dataVersion) }),
  };
}
