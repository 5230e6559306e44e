import type { AnyFeature } from "../../runtime/feature.ts";
import {
  defaultEngines,
  featureValue,
  type PlanQuery,
  type PlanSource,
  planQuery,
  printPlan,
} from "../plan/index.ts";
import { columnsOf } from "../resolve/lineage-rules.ts";
import type { DepModel, FeatureModel, ProjectModel } from "../resolve/project-model.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { filterColumns, permissiveFilter } from "./permissive-filter.ts";
import { neverComputedColumn, type SimulatedFeature } from "./simulated-feature.ts";

/** A project compiled up to its versions, and the length of their hashes. */
export interface CompiledProject {
  readonly model: ProjectModel;
  readonly versions: ProjectVersions;
  readonly hashLength: number;
}

/** The features of a project in the form that a simulation takes, upstream first. */
export function simulatedFeatures({ model, versions, hashLength }: CompiledProject): SimulatedFeature[] {
  const needed = neededColumns(model);
  return model.features.map((feature) => {
    const value = featureValue(feature, versions, { hashLength });
    return {
      feature: value,
      permissive: permissiveFeature(value, feature),
      retainedColumns: [...(needed.get(feature) ?? [])],
      valueDependencies: feature.deps
        .filter((dep) => dependsOnNonIdColumns(feature, dep))
        .map((dep) => dep.feature.key),
      keys: Object.fromEntries(feature.deps.map((dep) => [dep.feature.key, keyColumns(feature, dep)])),
    };
  });
}

/** Whether an upstream column that is not an id decides which rows count, or with which rows they join. */
function dependsOnNonIdColumns(feature: FeatureModel, dep: DepModel): boolean {
  const ids = new Set(dep.feature.idColumns.map((column) => column.name));
  const filtered = dep.where.flatMap(filterColumns).flatMap((name) => dep.names.get(name)?.name ?? []);
  return [...keyColumns(feature, dep), ...filtered].some((column) => !ids.has(column));
}

/** The upstream's own columns that assign a row to a work item. */
function keyColumns(feature: FeatureModel, { names, lineage }: DepModel): string[] {
  const groups = columnsOf(lineage);
  const columns = [...feature.joinColumns, ...feature.grain, ...groups].flatMap(
    (name) => names.get(name) ?? [],
  );
  return [...new Set(columns.map((column) => column.name))];
}

/** The feature with permissive filters, over upstream rows that say whether they were ever computed. */
function permissiveFeature(value: AnyFeature, feature: FeatureModel): AnyFeature {
  const { plan } = value;
  if (plan.kind === "root" || !feature.deps.some(isFilteredDep)) return value;
  const upstream = Object.entries(plan.upstream).map(([key, facts]) => [
    key,
    { ...facts, columns: { ...facts.columns, [neverComputedColumn]: "BOOLEAN" } },
  ]);
  const sql = printPlan(permissiveQuery(planQuery(feature)), defaultEngines);
  return { ...value, plan: { ...plan, upstream: Object.fromEntries(upstream), sql } };
}

/** A query whose filters accept every row whose outcome is unknown. */
function permissiveQuery(query: PlanQuery): PlanQuery {
  const [first, ...others] = query.sources;
  return { ...query, sources: [permissiveSource(first), ...others.map(permissiveSource)] };
}

function permissiveSource(source: PlanSource): PlanSource {
  return { ...source, filters: source.filters.map(permissiveFilter) };
}

function isFilteredDep({ where }: DepModel): boolean {
  return where.length > 0;
}

/**
 * The columns of each feature that decide which downstream rows come of its own: ids and grain, columns by which deps
 * are joined, grouped and filtered, and columns that reach such a column further downstream under another name.
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
