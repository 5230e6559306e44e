import { type FilterRecipe, filterOn } from "./arbitrary-filter.ts";
import { renamed } from "./join-columns.ts";
import type { FieldDocument, SpecDocument } from "./spec-document.ts";
import { isValid } from "./valid-spec.ts";

/** The specs with another code version of one field. */
export function bumpField(
  specs: readonly SpecDocument[],
  {
    feature,
    field,
    codeVersion,
  }: { readonly feature: number; readonly field: number; readonly codeVersion: string },
): SpecDocument[] {
  return editFields(specs, feature, (fields) =>
    fields.map((old, index) => (index === field % fields.length ? { ...old, codeVersion } : old)),
  );
}

/** The specs with a further field in one feature, or without it if it is there. */
export function toggleField(specs: readonly SpecDocument[], feature: number): SpecDocument[] {
  return editFields(specs, feature, (fields, isRoot) => {
    const others = fields.filter((field) => field.key !== "extra");
    if (others.length < fields.length) return others;
    return [...fields, isRoot ? { key: "extra" } : { key: "extra", deps: "all" }];
  });
}

/** The specs with the first dep of a feature made optional or required, where that is valid. */
export function toggleOptional(specs: readonly SpecDocument[], feature: number): SpecDocument[] {
  return specs.map((spec, index) => {
    const [first, ...others] = (spec.feature.deps ?? []).map((dep) =>
      typeof dep === "string" ? { feature: dep } : dep,
    );
    if (index !== feature % specs.length || first === undefined) return spec;
    const deps = [{ ...first, optional: !first.optional }, ...others];
    const edited = { ...spec, feature: { ...spec.feature, deps } };
    return isValid(edited, specs.slice(0, index)) ? edited : spec;
  });
}

/** The specs with a filter on the first dep of a feature, or without those that it has. */
export function toggleFilter(
  specs: readonly SpecDocument[],
  feature: number,
  recipe: FilterRecipe,
): SpecDocument[] {
  return specs.map((spec, index) => {
    const [first, ...others] = (spec.feature.deps ?? []).map((dep) =>
      typeof dep === "string" ? { feature: dep } : dep,
    );
    if (index !== feature % specs.length || first === undefined) return spec;
    const upstream = specs.find((candidate) => candidate.feature.key === first.feature);
    const columns = Object.keys(upstream?.properties ?? {}).map((column) => renamed(first, column));
    const { where = [], ...unfiltered } = first;
    const filter = filterOn(columns, recipe);
    const edited = where.length > 0 || filter === undefined ? unfiltered : { ...first, where: [filter] };
    return { ...spec, feature: { ...spec.feature, deps: [edited, ...others] } };
  });
}

function editFields(
  specs: readonly SpecDocument[],
  feature: number,
  edit: (fields: readonly FieldDocument[], isRoot: boolean) => readonly FieldDocument[],
): SpecDocument[] {
  return specs.map((spec, index) => {
    if (index !== feature % specs.length) return spec;
    const fields = (spec.feature.fields ?? ["default"]).map((field) =>
      typeof field === "string" ? { key: field } : field,
    );
    return {
      ...spec,
      feature: { ...spec.feature, fields: edit(fields, (spec.feature.deps ?? []).length === 0) },
    };
  });
}
