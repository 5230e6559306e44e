import { filterOn } from "./arbitrary-filter.ts";
import { sharedColumns } from "./arbitrary-values.ts";
import { renamed } from "./join-columns.ts";
import type { DepRecipe, FeatureRecipe } from "./project-recipe.ts";
import { selectByMask } from "./select-by-mask.ts";
import type { DepDocument, LineageDocument, SpecDocument } from "./spec-document.ts";

/** A dep, and the ids of the feature that has it. */
export interface PrimaryDep {
  readonly dep: DepDocument;
  readonly idColumns: readonly string[];
}

/** The first dep and the ids that follow from it, from the wanted form down to a plain identity. */
export function primaryDeps(recipe: FeatureRecipe, upstream: readonly SpecDocument[]): PrimaryDep[] {
  const source = upstream[recipe.dep.upstream % upstream.length];
  if (source === undefined) return [];
  const { idColumns } = source.feature;
  const part = `part${upstream.length}`;
  const plain: PrimaryDep = { dep: { feature: source.feature.key }, idColumns };
  return dressed(recipe.dep, source, upstream)
    .flatMap((dep): PrimaryDep[] => {
      const ids = idColumns.map((column) => renamed(dep, column));
      const shared = Object.keys(source.properties)
        .map((column) => renamed(dep, column))
        .filter((column) => column in sharedColumns);
      const group =
        recipe.nullable % 2 === 0
          ? shared.slice(recipe.ids % shared.length).slice(0, 1)
          : selectByMask(shared, recipe.ids);
      switch (recipe.kind) {
        case "aggregation": {
          const on = selectByMask(group, recipe.shared);
          const lineage: LineageDocument = { type: "aggregation", ...(on.length === 0 ? {} : { on }) };
          return [
            { dep: { ...dep, lineage }, idColumns: group },
            { dep, idColumns: ids },
          ];
        }
        case "expansion": {
          const child = recipe.ids % 2 === 0 ? [part] : [...ids, part];
          return [
            { dep: { ...dep, lineage: { type: "expansion", on: ids } }, idColumns: child },
            { dep, idColumns: ids },
          ];
        }
        case "extended":
          return [{ dep, idColumns: [...ids, part] }];
        case "rekeyed":
          return [
            { dep, idColumns: group },
            { dep, idColumns: ids },
          ];
        default:
          return [{ dep, idColumns: ids }];
      }
    })
    .concat(plain);
}

/** A further dep for a feature with these ids, from the wanted form down to the simplest. */
export function secondaryDeps(
  recipe: DepRecipe,
  idColumns: readonly string[],
  upstream: readonly SpecDocument[],
): DepDocument[] {
  const start = recipe.upstream % upstream.length;
  return [...upstream.slice(start), ...upstream.slice(0, start)].flatMap((source) => {
    const forms = dressed(recipe, source, upstream).flatMap((dep) => [dep, { ...dep, select: [] }]);
    const grouped = forms.map((dep): DepDocument => {
      const names = Object.keys(source.properties).map((column) => renamed(dep, column));
      return {
        ...dep,
        lineage: { type: "aggregation", on: idColumns.filter((column) => names.includes(column)) },
      };
    });
    return recipe.aggregates ? [...grouped, ...forms] : [...forms, ...grouped];
  });
}

/** The dep with its options, then with fewer of them. */
function dressed(recipe: DepRecipe, source: SpecDocument, upstream: readonly SpecDocument[]): DepDocument[] {
  const columns = Object.keys(source.properties);
  const feature = source.feature.key;
  const number = upstream.indexOf(source);
  const base: DepDocument = { feature, ...(recipe.optional ? { optional: true } : {}) };
  const rename = renameFor(recipe, source);
  const renamedDep: DepDocument = Object.keys(rename).length === 0 ? base : { ...base, rename };
  const names = columns.map((column) => renamed(renamedDep, column));
  const where = recipe.where === undefined ? undefined : filterOn(names, recipe.where);
  const filtered: DepDocument = where === undefined ? renamedDep : { ...renamedDep, where: [where] };
  const selected: DepDocument =
    recipe.select === "all"
      ? filtered
      : {
          ...filtered,
          select: recipe.select === "none" ? [] : names.filter((_, index) => (index + number) % 2 === 0),
        };
  const { optional: _, ...required } = selected;
  return [selected, required, base, { feature }];
}

function renameFor({ rename }: DepRecipe, source: SpecDocument): Record<string, string> {
  const own = Object.keys(source.properties).filter((column) => /^f\d+_(size|rank)$/.test(column));
  const [first = "", second = ""] = own;
  const id = source.feature.idColumns.find((column) => column === "v" || column === "n");
  switch (rename) {
    case "a column":
      return { [first]: `renamed_${first}` };
    case "swap":
      return { [first]: second, [second]: first };
    case "an id":
      return id === undefined ? {} : { [id]: id === "v" ? "g" : "h" };
    default:
      return {};
  }
}
