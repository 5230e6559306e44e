import type { AnyFeature } from "../../runtime/feature.ts";
import { featureValue } from "../plan/index.ts";
import { columnsOf } from "../resolve/lineage-rules.ts";
import type { DepModel, FeatureModel, ProjectModel } from "../resolve/project-model.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { neverComputedColumn } from "./never-computed-column.ts";
import { filterColumns, permissiveFilter } from "./permissive-filter.ts";
import type { SimulatedFeature } from "./simulated-feature.ts";

/** A project compiled up to its versions, and the hash length that they have. */
export interface CompiledProject {
  readonly model: ProjectModel;
  readonly versions: ProjectVersions;
  readonly hashLength: number;
}

/** The features of a project in the form in which their runs are rehearsed, upstream first. */
export function simulatedFeatures({ model, versions, hashLength }: CompiledProject): SimulatedFeature[] {
  const needed = neededColumns(model);
  return model.features.map((feature) => {
    const value = featureValue(feature, versions, { hashLength });
    const isFiltered = feature.deps.some(isFilteredDep);
    return {
      feature: value,
      permissive: isFiltered ? permissiveValue(feature, versions, hashLength) : value,
      retainedColumns: [...(needed.get(feature) ?? [])],
      valueDependencies: feature.deps
        .filter((dep) => dependsOnNonIdColumns(feature, dep))
        .map((dep) => dep.feature.key),
      keys: Object.fromEntries(feature.deps.map((dep) => [dep.feature.key, keyColumns(feature, dep)])),
    };
  });
}

/** Whether a column of the upstream beside its ids decides which of its rows count, or with what they meet. */
function dependsOnNonIdColumns(feature: FeatureModel, dep: DepModel): boolean {
  const ids = new Set(dep.feature.idColumns.map((column) => column.name));
  const filtered = dep.where.flatMap(filterColumns).flatMap((name) => dep.names.get(name)?.name ?? []);
  return [...keyColumns(feature, dep), ...filtered].some((column) => !ids.has(column));
}

/** An upstream's own columns that say to which unit of work a row belongs. */
function keyColumns(feature: FeatureModel, { names, lineage }: DepModel): string[] {
  const groups = columnsOf(lineage);
  const columns = [...feature.joinColumns, ...feature.grain, ...groups].flatMap(
    (name) => names.get(name) ?? [],
  );
  return [...new Set(columns.map((column) => column.name))];
}

/** The feature with lenient filters, over upstream rows that say of themselves whether they were ever computed. */
function permissiveValue(feature: FeatureModel, versions: ProjectVersions, hashLength: number): AnyFeature {
  const permissive = { ...feature, deps: feature.deps.map(permissiveDep) };
  const own = versions.features.get(feature);
  const known = own === undefined ? versions.features : new Map([...versions.features, [permissive, own]]);
  const value = featureValue(permissive, { ...versions, features: known }, { hashLength });
  if (value.plan.kind === "root") return value;
  const upstream = Object.entries(value.plan.upstream).map(([key, facts]) => [
    key,
    { ...facts, columns: { ...facts.columns, [neverComputedColumn]: "BOOLEAN" } },
  ]);
  return { ...value, plan: { ...value.plan, upstream: Object.fromEntries(upstream) } };
}

function permissiveDep(dep: DepModel): DepModel {
  return { ...dep, where: dep.where.map(permissiveFilter) };
}

function isFilteredDep({ where }: DepModel): boolean {
  return where.length > 0;
}

/**
 * The columns of each feature that decide what comes of its rows below: ids and grain, what deps are joined, grouped
 * and filtered by, and what reaches such a column further down by being passed on.
 */
function neededColumns({ features }: ProjectModel): ReadonlyMap<FeatureModel, ReadonlySet<string>> {
  const needed = new Map(
    features.map((feature) => [
      feature,
      new Set([...feature.idColumns.map((column) => column.name), ...feature.grain]),
    ]),
  );
  for (const feature of [...features].reverse()) {
    const own = [...(needed.get(feature) ?? []), ...feature.joinColumns];
    for (const { feature: upstream, names, lineage, where } of feature.deps) {
      const groups = columnsOf(lineage);
      for (const name of [...own, ...groups, ...where.flatMap(filterColumns)]) {
        const column = names.get(name);
        if (column !== undefined) needed.get(upstream)?.add(column.name);
      }
    }
  }
  return needed;
}
