import fc from "fast-check";
import { compileSpecs } from "../support/compile-specs.ts";
import type { DepDocument, PropertySchema, SpecDocument } from "./spec-document.ts";

/** An edit of what a table holds. Numbers choose among what is there at the time. */
export type ColumnEdit =
  | {
      readonly edit: "rename";
      readonly feature: number;
      readonly column: number;
      readonly isDeclared: boolean;
    }
  | { readonly edit: "require"; readonly feature: number; readonly column: number }
  | { readonly edit: "retype"; readonly feature: number; readonly column: number; readonly type: string }
  | { readonly edit: "ids"; readonly feature: number; readonly column: number };

const feature = fc.nat(29);
const column = fc.nat(29);

export const columnEdit: fc.Arbitrary<ColumnEdit> = fc.oneof(
  fc.record({ edit: fc.constant("rename" as const), feature, column, isDeclared: fc.boolean() }),
  fc.record({ edit: fc.constant("require" as const), feature, column }),
  fc.record({
    edit: fc.constant("retype" as const),
    feature,
    column,
    type: fc.constantFrom("integer", "number", "string", "boolean"),
  }),
  fc.record({ edit: fc.constant("ids" as const), feature, column }),
);

/** The specs after an edit; as they were where that would be no valid project. */
export function editColumns(specs: readonly SpecDocument[], edit: ColumnEdit): readonly SpecDocument[] {
  const index = edit.feature % specs.length;
  const spec = specs[index];
  if (spec === undefined) return specs;
  const edited = specs.with(index, editedSpec(spec, edit)).map((other) => propagateRename(other, spec, edit));
  try {
    compileSpecs(edited, { hashLength: 64 });
    return edited;
  } catch {
    return specs;
  }
}

function editedSpec(spec: SpecDocument, edit: ColumnEdit): SpecDocument {
  switch (edit.edit) {
    case "rename":
      return renamedColumn(spec, edit.column, edit.isDeclared);
    case "require":
      return withProperties(spec, {
        ...spec.properties,
        [`new${edit.column % 2}_rank`]: { type: "integer" },
      });
    case "retype":
      return retypedColumn(spec, edit.column, edit.type);
    case "ids":
      return withOtherIds(spec, edit.column);
  }
}

function renamedColumn(spec: SpecDocument, choice: number, isDeclared: boolean): SpecDocument {
  const names = renaming(spec, choice);
  if (names === undefined) return spec;
  const { [names.from]: schema, ...others } = spec.properties;
  const type = schema?.type ?? "integer";
  const renamed = isDeclared ? { type, renamedFrom: names.from } : { type };
  return withProperties(spec, { ...others, [names.to]: renamed });
}

/** A column with its new name, which says by its ending what it is about. */
function renaming(spec: SpecDocument, choice: number): { from: string; to: string } | undefined {
  const own = ownColumns(spec);
  const from = own[choice % own.length];
  return from === undefined ? undefined : { from, to: from.startsWith("r_") ? from.slice(2) : `r_${from}` };
}

/** Columns beside the ids that no other feature shares. */
function ownColumns({ properties, feature: { idColumns } }: SpecDocument): string[] {
  return Object.keys(properties).filter((name) => name.includes("_") && !idColumns.includes(name));
}

function retypedColumn(spec: SpecDocument, choice: number, type: string): SpecDocument {
  const names = Object.keys(spec.properties).filter((name) => name.includes("_"));
  const name = names[choice % names.length];
  if (name === undefined) return spec;
  const isNullable = Array.isArray(spec.properties[name]?.type);
  return withProperties(spec, { ...spec.properties, [name]: { type: isNullable ? [type, "null"] : type } });
}

/** One of the required columns becomes an id, or is none any more. Nothing but `part…` tells the children of a parent. */
function withOtherIds(spec: SpecDocument, choice: number): SpecDocument {
  const { idColumns } = spec.feature;
  const required = Object.keys(spec.properties).filter(
    (name) => !Array.isArray(spec.properties[name]?.type) && !/^part\d+$/.test(name),
  );
  const name = required[choice % required.length];
  if (name === undefined) return spec;
  const others = idColumns.filter((id) => id !== name);
  const ids = others.length < idColumns.length ? others : [...idColumns, name];
  return ids.length === 0 ? spec : { ...spec, feature: { ...spec.feature, idColumns: ids } };
}

/** What is required follows from the types. A rename is followed where the column is filtered or selected by. */
function withProperties(spec: SpecDocument, properties: SpecDocument["properties"]): SpecDocument {
  const required = Object.keys(properties).filter((name) => !isNullable(properties[name]));
  return { ...spec, properties, required };
}

function isNullable(schema: PropertySchema | undefined): boolean {
  return Array.isArray(schema?.type);
}

function propagateRename(spec: SpecDocument, renamedSpec: SpecDocument, edit: ColumnEdit): SpecDocument {
  const names = edit.edit === "rename" ? renaming(renamedSpec, edit.column) : undefined;
  if (names === undefined || spec.feature.deps === undefined) return spec;
  const deps = spec.feature.deps.map((dep) =>
    typeof dep === "string" || dep.feature !== renamedSpec.feature.key ? dep : renameInDep(dep, names),
  );
  return { ...spec, feature: { ...spec.feature, deps } };
}

function renameInDep(dep: DepDocument, { from, to }: { from: string; to: string }): DepDocument {
  const { rename, select, where } = dep;
  const isRenamedHere = Object.hasOwn(rename ?? {}, from);
  if (isRenamedHere && rename !== undefined) {
    const { [from]: name = from, ...others } = rename;
    return { ...dep, rename: { ...others, [to]: name } };
  }
  return {
    ...dep,
    ...(select === undefined ? {} : { select: select.map((name) => (name === from ? to : name)) }),
    ...(where === undefined
      ? {}
      : { where: where.map((filter) => filter.replaceAll(new RegExp(`\\b${from}\\b`, "g"), to)) }),
  };
}
