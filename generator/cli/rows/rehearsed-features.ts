import type { RehearsedFeature } from "../../../runtime/duckdb/index.ts";
import { unseenColumn } from "../../../runtime/duckdb/rehearsal/unseen-column.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import { featureValue } from "../../plan/index.ts";
import type { DepModel, FeatureModel, ProjectModel } from "../../resolve/project-model.ts";
import type { ProjectVersions } from "../../versions/project-versions.ts";
import { filterColumns, lenientFilter } from "./lenient-filter.ts";
import { neededColumns } from "./needed-columns.ts";

/** A project compiled up to its versions, and the hash length that they have. */
export interface CompiledProject {
  readonly model: ProjectModel;
  readonly versions: ProjectVersions;
  readonly hashLength: number;
}

/** The features of a project in the form in which their runs are rehearsed, upstream first. */
export function rehearsedFeatures({ model, versions, hashLength }: CompiledProject): RehearsedFeature[] {
  const needed = neededColumns(model);
  return model.features.map((feature) => {
    const value = featureValue(feature, versions, hashLength);
    const isFiltered = feature.deps.some(isFilteredDep);
    return {
      feature: value,
      lenient: isFiltered ? lenientValue(feature, versions, hashLength) : value,
      keep: [...(needed.get(feature) ?? [])],
      restsOn: feature.deps.filter((dep) => restsOn(feature, dep)).map((dep) => dep.feature.key),
      keys: Object.fromEntries(feature.deps.map((dep) => [dep.feature.key, keyColumns(feature, dep)])),
    };
  });
}

/** Whether a column of the upstream beside its ids decides which of its rows count, or with what they meet. */
function restsOn(feature: FeatureModel, dep: DepModel): boolean {
  const ids = new Set(dep.feature.idColumns.map((column) => column.name));
  const filtered = dep.where.flatMap(filterColumns).flatMap((name) => dep.names.get(name)?.name ?? []);
  return [...keyColumns(feature, dep), ...filtered].some((column) => !ids.has(column));
}

/** An upstream's own columns that say to which unit of work a row belongs. */
function keyColumns(feature: FeatureModel, { names, lineage }: DepModel): string[] {
  const groups = lineage.type === "aggregation" ? lineage.on : [];
  const columns = [...feature.joinColumns, ...feature.grain, ...groups].flatMap(
    (name) => names.get(name) ?? [],
  );
  return [...new Set(columns.map((column) => column.name))];
}

/** The feature with lenient filters, over upstream rows that say of themselves whether they were ever computed. */
function lenientValue(feature: FeatureModel, versions: ProjectVersions, hashLength: number): AnyFeature {
  const lenient = { ...feature, deps: feature.deps.map(lenientDep) };
  const own = versions.features.get(feature);
  const known = own === undefined ? versions.features : new Map([...versions.features, [lenient, own]]);
  const value = featureValue(lenient, { ...versions, features: known }, hashLength);
  if (value.plan.kind === "root") return value;
  const upstream = Object.entries(value.plan.upstream).map(([key, facts]) => [
    key,
    { ...facts, columns: { ...facts.columns, [unseenColumn]: "BOOLEAN" } },
  ]);
  return { ...value, plan: { ...value.plan, upstream: Object.fromEntries(upstream) } };
}

function lenientDep(dep: DepModel): DepModel {
  return { ...dep, where: dep.where.map(lenientFilter) };
}

function isFilteredDep({ where }: DepModel): boolean {
  return where.length > 0;
}
