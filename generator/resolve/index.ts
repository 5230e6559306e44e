import { createDiagnostic, type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import type { ParsedColumn, ParsedSpec } from "../parse/parsed-spec.ts";
import { type Memo, noMemo } from "../pipeline/index.ts";
import { compareKeys } from "../source/compare-text.ts";
import { checkCollisions } from "./check-collisions.ts";
import { checkDep, isJoinable } from "./check-dep.ts";
import { checkFields } from "./check-fields.ts";
import { checkJoin } from "./check-join.ts";
import { memberOf, namesOf } from "./feature-name.ts";
import { type JoinedDep, type JoinedFeature, joinFeature } from "./join-feature.ts";
import { checkLinks, indexSpecs, linkFeature, type SpecIndex } from "./link-feature.ts";
import { fullNameOf, parentsOf } from "./map-fields.ts";
import { cycleDiagnostic, orderFeatures } from "./order-features.ts";
import type { DepModel, FeatureModel, FieldModel, ProjectModel } from "./project-model.ts";

export type { ProjectModel } from "./project-model.ts";

/** What resolve depends on besides the specs. */
export interface ResolveOptions {
  /** Keys of features whose specs did not parse: a dep on one of them is not reported again. */
  readonly brokenKeys: ReadonlySet<string>;
  /** Folder of the specs, relative to the project; the tree of modules mirrors it. Default `schemas`. */
  readonly schemasFolder?: string;
}

/** A project in which every name is resolved, or what is wrong with it. */
export interface ResolvedProject {
  /** Absent when there are errors. */
  readonly project: ProjectModel | undefined;
  readonly diagnostics: Diagnostic[];
}

/**
 * Resolves every name between the specs of a project. One run reports all problems of all features.
 *
 * A feature gets the key of its spec and of all specs upstream: later stages store results under it.
 */
export function resolveProject(
  specs: readonly ParsedSpec[],
  options: ResolveOptions,
  memo: Memo = noMemo,
): ResolvedProject {
  const { brokenKeys, schemasFolder = "schemas" } = options;
  const index = indexSpecs(specs, brokenKeys);
  const features = specs.map((spec) => joinFeature(linkFeature(spec, index)));
  const { ordered, cycles } = orderFeatures(features);
  const diagnostics = sortDiagnostics([
    ...checkCollisions(specs, schemasFolder),
    ...checkRenames(specs, index),
    ...cycles.map(cycleDiagnostic),
    ...features.flatMap((feature) => checkFeature(feature, index)),
  ]);
  if (hasErrors(diagnostics)) return { project: undefined, diagnostics };
  const project = buildModel(ordered, schemasFolder);
  for (const feature of project.features) {
    const upstream = feature.deps.map((dep) => dep.feature);
    memo.identify(feature, () => [schemasFolder], [feature.spec, ...upstream]);
  }
  return { project, diagnostics };
}

/** What the deps bring together is judged only where each of them can be joined. */
function checkFeature(feature: JoinedFeature, index: SpecIndex): Diagnostic[] {
  const { spec, deps, complete } = feature;
  return [
    ...checkLinks(spec, index),
    ...deps.flatMap((dep) => [...checkDep(dep, spec)]),
    ...checkFields(feature),
    ...(complete && deps.every((dep) => isJoinable(dep, spec)) ? checkJoin(feature) : []),
  ];
}

/** What is wrong with the keys from which features are renamed: one exists still, or two features take the same. */
function checkRenames(specs: readonly ParsedSpec[], index: SpecIndex): Diagnostic[] {
  const kind = "feature";
  const renamed = new Map<string, string>();
  return [...specs]
    .sort((a, b) => compareKeys(a.key, b.key))
    .flatMap(({ key, renamedFrom, document }): Diagnostic[] => {
      const from = renamedFrom?.feature;
      if (from === undefined) return [];
      const at = document.locate(["feature", "renamedFrom"]);
      if (index.byKey.has(from) || index.unusable.has(from))
        return [createDiagnostic("renamed-from-exists", at, { kind, from })];
      const other = renamed.get(from);
      if (other !== undefined) return [createDiagnostic("renamed-from-twice", at, { kind, from, other })];
      renamed.set(from, key);
      return [];
    });
}

/** Builds the model of a project without errors; upstream features come before those that need them. */
function buildModel(ordered: readonly JoinedFeature[], schemasFolder: string): ProjectModel {
  const features = new Map<string, FeatureModel>();
  const fields = new Map<string, FieldModel>();
  for (const joined of ordered) {
    const feature = buildFeature(joined, schemasFolder, features, fields);
    features.set(feature.key, feature);
    for (const field of feature.fields) fields.set(field.fullName, field);
  }
  return { features: [...features.values()] };
}

function buildFeature(
  joined: JoinedFeature,
  schemasFolder: string,
  features: ReadonlyMap<string, FeatureModel>,
  upstreamFields: ReadonlyMap<string, FieldModel>,
): FeatureModel {
  const { spec } = joined;
  const fields: FieldModel[] = [];
  const feature: FeatureModel = {
    key: spec.key,
    ...namesOf(spec, schemasFolder),
    spec,
    idColumns: spec.idColumns.map((name) => columnOf(spec, name)),
    deps: joined.deps.map((dep) => buildDep(dep, getResolved(features, dep.upstream.key))),
    fields,
    joinColumns: joined.joinColumns,
    grain: joined.grain,
  };
  for (const field of spec.fields) {
    fields.push({
      feature,
      key: field.key,
      fullName: fullNameOf(spec.key, field.key),
      member: memberOf(field.key),
      codeVersion: field.codeVersion,
      parents: parentsOf(field, joined.deps).map((parent) => getResolved(upstreamFields, parent)),
    });
  }
  return feature;
}

function buildDep(dep: JoinedDep, feature: FeatureModel): DepModel {
  return {
    feature,
    optional: dep.parsed.optional,
    lineage: dep.lineage,
    columns: dep.columns,
    where: dep.where.flatMap((result) => (result.ok ? [result.value] : [])),
    names: dep.names,
  };
}

function columnOf(spec: ParsedSpec, name: string): ParsedColumn {
  return getResolved(new Map(spec.columns.map((column) => [column.name, column])), name);
}

/** All names were checked before: one that is missing here is a bug. */
function getResolved<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`Unresolved name: ${name}`);
  return value;
}
