import type { DepRecipe, FieldRecipe } from "./project-recipe.ts";
import type { DepDocument, FieldDocument, MappingDocument, SpecDocument } from "./spec-document.ts";

/** The dep with the mapping of the recipe. */
export function withMapping(
  dep: DepDocument,
  recipe: DepRecipe | undefined,
  fields: readonly FieldRecipe[],
  upstream: readonly SpecDocument[],
): DepDocument {
  const keys = fieldKeysOf(dep.feature, upstream);
  const mappings: Readonly<Record<DepRecipe["mapping"], MappingDocument | undefined>> = {
    absent: undefined,
    suffix: { type: "default", matchSuffix: true },
    exclude: { type: "default", excludeFields: keys.slice(0, 1) },
    specific: {
      type: "specific",
      mapping: Object.fromEntries(fields.map(({ key }) => [key, keys.slice(-1)])),
    },
    all: { type: "all" },
    none: { type: "none" },
  };
  const fieldsMapping = mappings[recipe?.mapping ?? "absent"];
  return fieldsMapping === undefined ? dep : { ...dep, fieldsMapping };
}

/** The field with the explicit deps of the recipe. */
export function fieldWithParents(
  recipe: FieldRecipe,
  deps: readonly DepDocument[],
  upstream: readonly SpecDocument[],
): FieldDocument {
  const field = plainField(recipe);
  if (recipe.parents === "mapped") return field;
  if (recipe.parents === "all") return { ...field, deps: "all" };
  const feature = deps[recipe.choice % deps.length]?.feature ?? "";
  const keys = fieldKeysOf(feature, upstream);
  const entry =
    recipe.choice % 3 === 0 ? { feature } : { feature, fields: [keys[recipe.choice % keys.length] ?? ""] };
  return { ...field, deps: [entry] };
}

/** The field without explicit deps. */
export function plainField({ key, codeVersion }: FieldRecipe): FieldDocument {
  return codeVersion === undefined ? { key } : { key, codeVersion };
}

function fieldKeysOf(feature: string, specs: readonly SpecDocument[]): string[] {
  const fields = specs.find((spec) => spec.feature.key === feature)?.feature.fields ?? [];
  return fields.map((field) => (typeof field === "string" ? field : field.key));
}
