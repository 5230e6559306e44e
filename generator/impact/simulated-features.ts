import type { AnyFeature } from "../../runtime/feature.ts";
import type { BoundColumn, BoundFilter } from "../../runtime/filter/bound-filter.ts";
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

/**
 * A filter that accepts every row whose outcome is unknown: a row of a sample that was never computed
 * (`neverComputedColumn`), unless one of its known values excludes it. It treats other rows as the given filter does.
 */
function permissiveFilter(filter: BoundFilter): BoundFilter {
  const isNeverComputed: BoundFilter = {
    kind: "truth",
    column: { kind: "column", path: [neverComputedColumn] },
  };
  return or(filter, and(isNeverComputed, possible(filter)));
}

/** Top-level columns that a filter reads. */
function filterColumns(filter: BoundFilter): string[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(filterColumns);
    case "not":
      return filterColumns(filter.operand);
    default:
      return comparedColumns(filter).map(({ path: [column] }) => column);
  }
}

/** A filter that holds if some values for the columns that are null satisfy the given one. */
function possible(filter: BoundFilter): BoundFilter {
  switch (filter.kind) {
    case "and":
    case "or":
      return { ...filter, operands: filter.operands.map(possible) };
    case "not":
      return { kind: "not", operand: certain(filter.operand) };
    default:
      return or(filter, ...comparedColumns(filter).map((column) => isNull(column, false)));
  }
}

/** A filter that holds if all values for the columns that are null satisfy the given one. */
function certain(filter: BoundFilter): BoundFilter {
  switch (filter.kind) {
    case "and":
    case "or":
      return { ...filter, operands: filter.operands.map(certain) };
    case "not":
      return { kind: "not", operand: possible(filter.operand) };
    default:
      return and(filter, ...comparedColumns(filter).map((column) => isNull(column, true)));
  }
}

type Test = Exclude<BoundFilter, { readonly kind: "and" | "or" | "not" }>;

function comparedColumns(test: Test): BoundColumn[] {
  if (test.kind === "constant") return [];
  if (test.kind !== "comparison") return [test.column];
  return test.right.kind === "column" ? [test.left, test.right] : [test.left];
}

function isNull(column: BoundColumn, negated: boolean): BoundFilter {
  return { kind: "is-null", negated, column };
}

function or(...operands: BoundFilter[]): BoundFilter {
  return { kind: "or", operands };
}

function and(...operands: BoundFilter[]): BoundFilter {
  return { kind: "and", operands };
}
