import type { RenamedFrom } from "../../runtime/contract.ts";
import type { FieldsMapping } from "../parse/feature-spec.ts";
import type { ParsedDep, ParsedField } from "../parse/parsed-spec.ts";
import { type Memo, noMemo } from "../pipeline/index.ts";
import type { DepModel, FeatureModel, FieldModel, ProjectModel } from "../resolve/project-model.ts";
import { compareKeys, compareText } from "../source/compare-text.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";
import { describeColumn } from "./describe-column.ts";
import {
  type Manifest,
  type ManifestDep,
  type ManifestFeature,
  type ManifestField,
  manifestVersion,
} from "./manifest.ts";
import { printFeature, readFeature } from "./print-manifest.ts";

/** Settings that a manifest records. */
export interface ManifestOptions {
  readonly project: string;
  readonly hashLength: number;
}

/** Builds the manifest of a compiled project. */
export function buildManifest(
  project: ProjectModel,
  versions: ProjectVersions,
  options: ManifestOptions,
  memo: Memo = noMemo,
): Manifest {
  const features = [...project.features].sort((a, b) => compareKeys(a.key, b.key));
  return {
    manifestVersion,
    project: options.project,
    hashLength: options.hashLength,
    projectVersion: versions.projectVersion,
    features: Object.fromEntries(
      features.map((feature) => [
        feature.key,
        memo("manifest", feature).read(readFeature) ?? buildFeature(feature, versions, memo),
      ]),
    ),
  };
}

function buildFeature(feature: FeatureModel, versions: ProjectVersions, memo: Memo): ManifestFeature {
  const entry = describeFeature(feature, versions);
  if (memo.isActive) memo("manifest", feature).store(printFeature(entry));
  return entry;
}

function describeFeature(feature: FeatureModel, versions: ProjectVersions): ManifestFeature {
  const { spec } = feature;
  const own = versions.features.get(feature);
  if (own === undefined) throw new Error(`No versions of ${feature.key}`);
  return {
    name: feature.name,
    spec: spec.document.file,
    module: feature.module,
    featureVersion: own.featureVersion,
    codeVersion: own.codeVersion,
    definitionVersion: own.definitionVersion,
    idColumns: spec.idColumns,
    ...(spec.renamedFrom === undefined ? {} : { renamedFrom: orderedNames(spec.renamedFrom) }),
    deps: feature.deps
      .map((dep) => describeDep(dep, spec.deps))
      .sort((a, b) => compareKeys(a.feature, b.feature)),
    fields: byName(feature.fields, (field) => [field.key, describeField(field, own.fields, spec.fields)]),
    columns: byName(spec.columns, (column) => [column.name, describeColumn(column)]),
  };
}

function describeDep(dep: DepModel, declared: readonly ParsedDep[]): ManifestDep {
  const spec = declared.find(({ feature }) => feature === dep.feature.key);
  if (spec === undefined) throw new Error(`No spec of the dep on ${dep.feature.key}`);
  return {
    feature: dep.feature.key,
    ...(dep.optional ? { optional: true } : {}),
    lineage: dep.lineage,
    ...(spec.select === undefined ? {} : { select: spec.select }),
    ...(Object.keys(spec.rename).length === 0
      ? {}
      : { rename: byName(Object.entries(spec.rename), (entry) => entry) }),
    ...(spec.where.length === 0 ? {} : { where: spec.where }),
    ...(isDefault(spec.fieldsMapping) ? {} : { fieldsMapping: ordered(spec.fieldsMapping) }),
  };
}

function isDefault(mapping: FieldsMapping): boolean {
  return mapping.type === "default" && !mapping.matchSuffix && (mapping.excludeFields ?? []).length === 0;
}

/** The order in which a spec declares renames has no meaning. */
function orderedNames({ feature, fields, columns }: RenamedFrom): RenamedFrom {
  return {
    ...(feature === undefined ? {} : { feature }),
    ...(fields === undefined ? {} : { fields: byName(Object.entries(fields), (entry) => entry) }),
    ...(columns === undefined ? {} : { columns: byName(Object.entries(columns), (entry) => entry) }),
  };
}

/** The order in which a spec lists the fields of a mapping has no meaning. */
function ordered(mapping: FieldsMapping): FieldsMapping {
  if (mapping.type !== "specific") return mapping;
  return { type: mapping.type, mapping: byName(Object.entries(mapping.mapping), (entry) => entry) };
}

function describeField(
  field: FieldModel,
  versions: ReadonlyMap<FieldModel, string>,
  declared: readonly ParsedField[],
): ManifestField {
  const version = versions.get(field);
  if (version === undefined) throw new Error(`No version of ${field.fullName}`);
  const deps = declared.find(({ key }) => key === field.key)?.deps;
  return {
    version,
    codeVersion: field.codeVersion,
    parents: field.parents.map(({ fullName }) => fullName),
    ...(deps === undefined
      ? {}
      : { deps: deps === "all" ? deps : deps.map(({ feature, fields }) => ({ feature, fields })) }),
  };
}

function byName<Item, Value>(
  items: readonly Item[],
  entry: (item: Item) => readonly [string, Value],
): Record<string, Value> {
  return Object.fromEntries(items.map(entry).sort(([a], [b]) => compareText(a, b)));
}
