import { printColumn } from "../../runtime/columns/column-type.ts";
import type {
  EngineName,
  Feature,
  FeatureTypes,
  Plan,
  UpstreamFacts,
  ValueCheck,
} from "../../runtime/contract.ts";
import { boundColumns } from "../../runtime/filter/index.ts";
import type { ParsedColumn } from "../parse/parsed-spec.ts";
import type { DepModel, FeatureModel, FieldModel, ProjectModel } from "../resolve/project-model.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { defaultEngines } from "./by-engine.ts";
import { inputColumns } from "./input-columns.ts";
import { fieldsByMember, planQuery } from "./plan-query.ts";
import { planTraits } from "./plan-traits.ts";
import { previousDefinition } from "./previous-definition.ts";
import { printPlan } from "./print-query.ts";

export { defaultEngines } from "./by-engine.ts";
export { type IncrementColumn, inputColumns } from "./input-columns.ts";
export { type PlanQuery, type PlanSource, planQuery } from "./plan-query.ts";
export { planTraits } from "./plan-traits.ts";
export { printPlan } from "./print-query.ts";

/** Settings of a project that decide what its modules hold. */
export interface ValueOptions {
  readonly hashLength: number;
  /** The engines for which SQL is printed. Default: DuckDB alone. */
  readonly engines?: readonly EngineName[];
}

/** The value that a feature's module exports: what emit prints, and what commands hand to a store. */
export function featureValue(
  feature: FeatureModel,
  versions: ProjectVersions,
  { hashLength, engines = defaultEngines }: ValueOptions,
): Feature<FeatureTypes> {
  const own = versions.features.get(feature);
  if (own === undefined) throw new Error(`${feature.key} has no versions`);
  const previous = previousDefinition(feature, versions, engines);
  return {
    contract: 2,
    key: feature.key,
    table: feature.table,
    featureVersion: own.featureVersion,
    hashLength,
    fields: Object.fromEntries(
      feature.fields.map((field) => [
        field.key,
        {
          version: own.fields.get(field) ?? "",
          codeVersion: field.codeVersion,
          parents: field.parents.map((parent) => parent.fullName),
        },
      ]),
    ),
    spec: {
      idColumns: feature.idColumns.map((column) => column.name),
      columns: Object.fromEntries(feature.spec.columns.map((column) => [column.name, printColumn(column)])),
      deps: feature.deps.map((dep) => ({
        feature: dep.feature.key,
        optional: dep.optional,
        lineage: dep.lineage,
      })),
      ...(feature.spec.renamedFrom === undefined ? {} : { renamedFrom: feature.spec.renamedFrom }),
    },
    ...(previous === undefined ? {} : { previous }),
    plan: planFeature(feature, versions, engines),
  };
}

/** A feature and its value, computed on demand: a compile with a cache needs few values. */
export interface PlannedFeature {
  readonly model: FeatureModel;
  readonly value: () => Feature<FeatureTypes>;
}

/** Plans the features of a project. */
export function planFeatures(
  { features }: ProjectModel,
  versions: ProjectVersions,
  options: ValueOptions,
): readonly PlannedFeature[] {
  return features.map((model) => ({ model, value: () => featureValue(model, versions, options) }));
}

/** Plans what a store must know of a feature to resolve it; its SQL is printed once per engine. */
function planFeature(feature: FeatureModel, versions: ProjectVersions, engines: readonly EngineName[]): Plan {
  const checks = columnChecks(feature.spec.columns);
  const { grain } = feature;
  const others = {
    fieldMembers: Object.fromEntries(fieldsByMember(feature).map((field) => [field.member, field.key])),
    ...(checks.length === 0 ? {} : { checks }),
  };
  const facts = {
    idColumns: feature.spec.idColumns,
    grain,
    lineages: feature.deps.map(({ lineage }) => lineage),
  };
  if (feature.deps.length === 0) return { kind: "root", grain, traits: planTraits(facts), ...others };
  const query = planQuery(feature);
  return {
    kind: "derived",
    grain,
    traits: planTraits({ ...facts, query }),
    ...others,
    upstream: Object.fromEntries(
      feature.deps.map((dep) => [dep.feature.key, upstreamFacts(feature, dep, query.parents, versions)]),
    ),
    inputColumns: Object.fromEntries(
      inputColumns(feature).map(({ name, type, nullable }) => [name, printColumn({ type, nullable })]),
    ),
    cardinality: query.cardinality,
    singlePass: query.singlePass,
    sql: printPlan(query, engines),
  };
}

function columnChecks(columns: readonly ParsedColumn[]): ValueCheck[] {
  return columns.flatMap(({ name, constraints }) =>
    constraints.map(({ at, ...constraint }) => ({ at: [name, ...at] as const, ...constraint })),
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
    on: Object.fromEntries(feature.joinColumns.map((name) => [name, dep.names.get(name)?.name ?? name])),
    members: parents.filter((parent) => parent.feature === upstream).map((parent) => parent.member),
    ...(reads === undefined ? {} : { reads }),
    columns: Object.fromEntries(upstream.spec.columns.map((column) => [column.name, printColumn(column)])),
    ...(renamed === undefined ? {} : { renamedFrom: { columns: renamed } }),
  };
}

/** The columns of an upstream, in its own names, that a dep's filters or its select read; undefined where all are. */
function readColumns(dep: DepModel): string[] | undefined {
  const read = new Set(dep.columns.map(({ source }) => source.name));
  for (const { path } of dep.where.flatMap(boundColumns)) read.add(dep.names.get(path[0])?.name ?? path[0]);
  const columns = dep.feature.spec.columns.map(({ name }) => name);
  return columns.every((name) => read.has(name)) ? undefined : columns.filter((name) => read.has(name));
}
