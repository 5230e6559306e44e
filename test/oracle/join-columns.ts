import type { Definitions, FeatureDefinition } from "./definitions.ts";
import type { DepDocument } from "./spec-document.ts";

/** The columns on which the deps of a feature are joined: what all of them share, else the feature's ids. */
export function joinColumns(feature: FeatureDefinition, definitions: Definitions): readonly string[] {
  const perDep = feature.deps.map((dep) => groupColumns(feature, dep) ?? renamedIds(dep, definitions));
  const shared = (perDep[0] ?? []).filter((column) => perDep.every((columns) => columns.includes(column)));
  return shared.length > 0 ? shared : feature.idColumns;
}

/** The unit of work: the ids, as far as the deps bring them; for an expansion the parent's. */
export function grainColumns(feature: FeatureDefinition, definitions: Definitions): readonly string[] {
  if (feature.deps.length === 0) return feature.idColumns;
  if (isExpansion(feature)) return joinColumns(feature, definitions);
  const brought = new Set(feature.deps.flatMap((dep) => carriedColumns(feature, dep, definitions)));
  return feature.idColumns.filter((column) => brought.has(column));
}

export function isExpansion(feature: FeatureDefinition): boolean {
  return feature.deps.some((dep) => dep.lineage?.type === "expansion");
}

/** Columns, after rename, that come along from an upstream. */
export function carriedColumns(
  feature: FeatureDefinition,
  dep: DepDocument,
  definitions: Definitions,
): readonly string[] {
  const all = Object.keys(definitions.get(dep.feature)?.spec.properties ?? {}).map((column) =>
    renamed(dep, column),
  );
  const always = [
    ...renamedIds(dep, definitions),
    ...(groupColumns(feature, dep) ?? []),
    ...joinColumns(feature, definitions),
  ];
  return all.filter(
    (column) => dep.select === undefined || dep.select.includes(column) || always.includes(column),
  );
}

/** The `on` columns of a dep, with the default filled in; none for an identity. */
export function groupColumns(feature: FeatureDefinition, dep: DepDocument): readonly string[] | undefined {
  switch (dep.lineage?.type) {
    case "aggregation":
      return dep.lineage.on ?? feature.idColumns;
    case "expansion":
      return dep.lineage.on;
    default:
      return undefined;
  }
}

/** The name of an upstream column after rename. */
export function renamed(dep: DepDocument, column: string): string {
  return Object.hasOwn(dep.rename ?? {}, column) ? (dep.rename?.[column] ?? column) : column;
}

/** The upstream's ids as declared, after rename. */
export function renamedIds(dep: DepDocument, definitions: Definitions): readonly string[] {
  return (definitions.get(dep.feature)?.idColumns ?? []).map((column) => renamed(dep, column));
}
