import type { FieldDocument, SpecDocument } from "./spec-document.ts";

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
