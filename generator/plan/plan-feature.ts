import { printColumn } from "../../runtime/columns/column-type.ts";
import type { DerivedPlan, Plan, RootPlan, UpstreamFacts } from "../../runtime/contract.ts";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { boundColumns } from "../../runtime/filter/index.ts";
import type { DepModel, FeatureModel, FieldModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { arrivingColumns } from "./arriving-columns.ts";
import { columnChecks } from "./column-checks.ts";
import { type DepSource, inputSource, ownName, rowSource } from "./dep-source.ts";
import { fieldProvenance } from "./field-provenance.ts";
import { inJoinOrder, joinDeps, selectAs } from "./join-deps.ts";
import { templates } from "./sql-templates.ts";

/** Plans what resolve needs to know of a feature: the half of the SQL that depends on its definition. */
export function planFeature(feature: FeatureModel, versions: ProjectVersions): Plan {
  const checks = columnChecks(feature.spec.columns);
  const base: Omit<RootPlan, "kind"> = {
    grain: feature.grain,
    fieldMembers: Object.fromEntries(byMember(feature).map((field) => [field.member, field.key])),
    ...(checks.length === 0 ? {} : { checks }),
  };
  return feature.deps.length === 0 ? { kind: "root", ...base } : planDerived(feature, versions, base);
}

function planDerived(
  feature: FeatureModel,
  versions: ProjectVersions,
  base: Omit<RootPlan, "kind">,
): DerivedPlan {
  const deps = inJoinOrder(feature.deps).map((dep, index) => ({ dep, alias: aliasOf(index) }));
  const parents = distinctParents(feature);
  const sources = deps.map(({ dep, alias }) =>
    inputSource({
      feature,
      dep,
      alias,
      columns: sharedColumns(feature, dep),
      fields: parents.filter((parent) => parent.feature === dep.feature),
    }),
  );
  return {
    kind: "derived",
    ...base,
    upstream: Object.fromEntries(
      feature.deps.map((dep) => [dep.feature.key, upstreamFacts(feature, dep, parents, versions)]),
    ),
    lineageInputs: inputs(feature, sources, parents),
    provenance: Object.fromEntries(
      byMember(feature).map((field) => [field.member, fieldProvenance(field, field.key, field.parents)]),
    ),
    inputRows: rows(feature, deps),
    inputColumns: rowColumns(feature),
    cardinality: rowsPerGrain(feature, sources),
  };
}

function inputs(
  feature: FeatureModel,
  sources: readonly DepSource[],
  parents: readonly FieldModel[],
): string {
  const [sole, ...others] = sources;
  if (sole?.query !== undefined && others.length === 0) return sole.query;

  const joined = joinDeps(feature, sources);
  const grain = feature.grain.map((name) => selectAs(joined.column(name), name));
  const values = parents.map((parent) => {
    const source = sources.find((candidate) => candidate.dep.feature === parent.feature);
    if (source === undefined) throw new Error(`${parent.fullName} comes from no dep of ${feature.key}`);
    return selectAs(source.value(parent), parent.fullName);
  });
  const rowCount = rowCountOf(sources);
  const counted = rowCount === undefined ? [] : [selectAs(rowCount, "stemma_row_count")];
  const query = joined.select([...grain, ...counted, ...values]);
  if (rowsPerGrain(feature, sources) !== "unchecked") return query;
  return templates.onePerGrain({
    query,
    grain: feature.grain.map(quoteIdentifier),
    values: parents.map((parent) => quoteIdentifier(parent.fullName)),
    rows: rowCount === undefined ? "count(*)" : `sum("stemma_row_count")::BIGINT`,
  });
}

/** Rows behind one grain: the product over the grouped deps; an optional group that is missing counts as one row. */
function rowCountOf(sources: readonly DepSource[]): string | undefined {
  const counts = sources.flatMap(({ rowCount, dep }) => {
    if (rowCount === undefined) return [];
    return [dep.optional && sources.length > 1 ? `coalesce(${rowCount}, 1)` : rowCount];
  });
  return counts.length === 0 ? undefined : counts.join(" * ");
}

function rowsPerGrain(feature: FeatureModel, sources: readonly DepSource[]): DerivedPlan["cardinality"] {
  const proven = sources.every((source) => source.key.every((name) => feature.grain.includes(name)));
  if (!proven) return "unchecked";
  return rowCountOf(sources) === undefined ? "one" : "many";
}

function rows(
  feature: FeatureModel,
  deps: readonly { readonly dep: DepModel; readonly alias: string }[],
): string {
  const sources = deps.map(({ dep, alias }) =>
    rowSource({ feature, dep, alias, columns: dep.columns.map((column) => column.name), fields: [] }),
  );
  const joined = joinDeps(feature, sources);
  return joined.select(Object.keys(rowColumns(feature)).map((name) => selectAs(joined.column(name), name)));
}

function rowColumns(feature: FeatureModel): Record<string, string> {
  return Object.fromEntries(
    arrivingColumns(feature).map(({ name, type, nullable }) => [name, printColumn({ type, nullable })]),
  );
}

function upstreamFacts(
  feature: FeatureModel,
  dep: DepModel,
  parents: readonly FieldModel[],
  versions: ProjectVersions,
): UpstreamFacts {
  const upstream = dep.feature;
  const reads = readColumns(dep);
  const renamed = upstream.spec.renamedFrom?.columns;
  return {
    table: upstream.table,
    idColumns: upstream.idColumns.map((column) => column.name),
    featureVersion: versions.features.get(upstream)?.featureVersion ?? "",
    optional: dep.optional,
    on: Object.fromEntries(feature.joinColumns.map((name) => [name, ownName(dep, name)])),
    members: parents.filter((parent) => parent.feature === upstream).map((parent) => parent.member),
    ...(reads === undefined ? {} : { reads }),
    columns: Object.fromEntries(upstream.spec.columns.map((column) => [column.name, printColumn(column)])),
    ...(renamed === undefined ? {} : { renamedFrom: { columns: renamed } }),
  };
}

/** The columns that a dep brings to the inputs: join columns, and what of the grain it alone has. */
function sharedColumns(feature: FeatureModel, dep: DepModel): string[] {
  const arriving = new Set(dep.columns.map((column) => column.name));
  const beside = feature.grain.filter((name) => arriving.has(name) && !feature.joinColumns.includes(name));
  return [...feature.joinColumns, ...beside];
}

function distinctParents(feature: FeatureModel): FieldModel[] {
  const parents = new Set(feature.fields.flatMap((field) => field.parents));
  return [...parents].sort((a, b) => compareText(a.fullName, b.fullName));
}

function byMember(feature: FeatureModel): FieldModel[] {
  return [...feature.fields].sort((a, b) => compareText(a.member, b.member));
}

function aliasOf(index: number): string {
  return index < 26 ? String.fromCharCode("a".charCodeAt(0) + index) : `d${index}`;
}

/** The columns of an upstream, in its own names, that a dep's filters or its select read; undefined where all are. */
function readColumns(dep: DepModel): string[] | undefined {
  const read = new Set(dep.columns.map(({ source }) => source.name));
  for (const { path } of dep.where.flatMap(boundColumns)) read.add(dep.names.get(path[0])?.name ?? path[0]);
  const columns = dep.feature.spec.columns.map(({ name }) => name);
  return columns.every((name) => read.has(name)) ? undefined : columns.filter((name) => read.has(name));
}
