import { nullable, ownProperties, sharedColumns } from "./arbitrary-values.ts";
import { primaryDeps, secondaryDeps } from "./build-deps.ts";
import { fieldWithParents, plainField, withMapping } from "./build-fields.ts";
import { renamed } from "./join-columns.ts";
import type { FeatureRecipe } from "./project-recipe.ts";
import { selectByMask } from "./select-by-mask.ts";
import type { DepDocument, FieldDocument, PropertySchema, SpecDocument } from "./spec-document.ts";
import { isValid } from "./valid-spec.ts";

/** Valid specs made from random choices; the first is a root, the second is not. */
export function buildSpecs(recipes: readonly FeatureRecipe[]): SpecDocument[] {
  const specs: SpecDocument[] = [];
  for (const [number, recipe] of recipes.entries()) {
    const isRoot = number === 0 || (recipe.kind === "root" && number > 1);
    specs.push(isRoot ? rootSpec(number, recipe) : derivedSpec(number, recipe, specs));
  }
  return specs;
}

function rootSpec(number: number, recipe: FeatureRecipe): SpecDocument {
  const ids = selectByMask(Object.keys(sharedColumns), recipe.ids);
  const idColumns = ids.length === 0 ? ["v"] : ids;
  const others = selectByMask(Object.keys(sharedColumns), recipe.shared).filter(
    (column) => !idColumns.includes(column),
  );
  const properties = {
    ...typed(idColumns),
    ...typed(others, selectByMask(others, recipe.nullable)),
    ...ownProperties(number),
  };
  return document(number, properties, { idColumns, fields: recipe.fields.map(plainField) });
}

/** The feature of the recipe with as many of its deps and options as are valid together; an identity in the worst case. */
function derivedSpec(number: number, recipe: FeatureRecipe, upstream: readonly SpecDocument[]): SpecDocument {
  const valid = (spec: SpecDocument): boolean => isValid(spec, upstream);
  const fields = recipe.fields.map(plainField);
  const first = primaryDeps(recipe, upstream)
    .map(({ dep, idColumns }) => withDeps(number, recipe, idColumns, [dep], fields, upstream))
    .find(valid);
  if (first === undefined) throw new Error("an identity of one upstream is always valid");

  let spec = first;
  for (const other of recipe.others) {
    const { idColumns } = spec.feature;
    const used = depsOf(spec).map((dep) => dep.feature);
    const more = secondaryDeps(other, idColumns, upstream)
      .filter((dep) => !used.includes(dep.feature))
      .map((dep) => withDeps(number, recipe, idColumns, [...depsOf(spec), dep], fields, upstream))
      .find(valid);
    spec = more ?? spec;
  }
  const mappings = [recipe.dep, ...recipe.others];
  const mapped = depsOf(spec).map((dep, index) => withMapping(dep, mappings[index], recipe.fields, upstream));
  const explicit = recipe.fields.map((field) => fieldWithParents(field, depsOf(spec), upstream));
  const variants = [
    { deps: mapped, fields: explicit },
    { deps: mapped, fields },
    { deps: depsOf(spec), fields: explicit },
  ].map((parts) => ({ ...spec, feature: { ...spec.feature, ...parts } }));
  return variants.find(valid) ?? spec;
}

function withDeps(
  number: number,
  recipe: FeatureRecipe,
  idColumns: readonly string[],
  deps: readonly DepDocument[],
  fields: readonly FieldDocument[],
  upstream: readonly SpecDocument[],
): SpecDocument {
  const on = deps.flatMap((dep) => (dep.lineage?.type === "expansion" ? dep.lineage.on : []));
  const arriving = deps.flatMap((dep) =>
    Object.keys(upstream.find((spec) => spec.feature.key === dep.feature)?.properties ?? {}).map((column) =>
      renamed(dep, column),
    ),
  );
  const required = [...idColumns, ...on];
  const passedOn = selectByMask(Object.keys(sharedColumns), recipe.shared).filter(
    (column) => arriving.includes(column) && !required.includes(column),
  );
  const properties = { ...typed(required), ...typed(passedOn, passedOn), ...ownProperties(number) };
  return document(number, properties, { idColumns, deps, fields });
}

function depsOf(spec: SpecDocument): DepDocument[] {
  return (spec.feature.deps ?? []).map((dep) => (typeof dep === "string" ? { feature: dep } : dep));
}

function document(
  number: number,
  properties: Readonly<Record<string, PropertySchema>>,
  feature: Omit<SpecDocument["feature"], "key">,
): SpecDocument {
  const required = Object.keys(properties).filter((column) => typeof properties[column]?.type === "string");
  const folder = ["raw", "mid-way", "x/y"][number % 3] ?? "";
  return { type: "object", properties, required, feature: { key: `${folder}/f${number}`, ...feature } };
}

function typed(
  columns: readonly string[],
  nullables: readonly string[] = [],
): Record<string, PropertySchema> {
  return Object.fromEntries(
    columns.map((column) => {
      const type = sharedColumns[column]?.type ?? "integer";
      return [column, nullables.includes(column) ? nullable(type) : { type }];
    }),
  );
}
