import canonicalize from "canonicalize";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import { type Memo, noMemo } from "../pipeline/index.ts";
import { sha256 } from "../pipeline/sha256.ts";
import type { FeatureModel, FieldModel, ProjectModel } from "../resolve/project-model.ts";
import { compareKeys, compareText } from "../source/compare-text.ts";
import { previousVersions } from "./previous-versions.ts";
import type { FeatureVersions, ProjectVersions } from "./project-versions.ts";
import { fieldVersion, type Hash, versionOverFields } from "./version-formulas.ts";

export type {
  CompiledModel,
  FeatureVersions,
  PreviousVersions,
  ProjectVersions,
} from "./project-versions.ts";

/**
 * Computes the versions of all definitions of a project.
 *
 * Formulas: docs/semantics.md, "Versions of definitions". Every value keeps its first `hashLength` characters,
 * intermediate values too. Each field is hashed once, whatever the number of paths that lead to it.
 */
export function computeVersions(
  project: ProjectModel,
  hashLength: number,
  memo: Memo = noMemo,
): ProjectVersions {
  const hash: Hash = (text) => sha256(text).slice(0, hashLength);
  const fieldVersions = new Map<FieldModel, string>();
  const features = new Map<FeatureModel, FeatureVersions>();
  for (const feature of project.features) {
    const versions = loadVersions(feature, memo) ?? featureVersions(feature, fieldVersions, hash);
    if (memo.isActive) storeVersions(feature, versions, memo);
    for (const [field, version] of versions.fields) fieldVersions.set(field, version);
    features.set(feature, versions);
  }
  return {
    projectVersion: projectVersion(features, hash),
    features,
    previous: previousVersions(project, features, hash),
  };
}

/** Versions as they are stored: those of fields in the order of the fields. */
interface StoredVersions extends Omit<FeatureVersions, "fields"> {
  readonly fields: readonly string[];
}

function loadVersions(feature: FeatureModel, memo: Memo): FeatureVersions | undefined {
  const stored = memo("versions", feature).read<StoredVersions>((text) => JSON.parse(text));
  if (stored === undefined) return undefined;
  const fields = new Map(feature.fields.map((field, index) => [field, stored.fields[index] ?? ""]));
  return { ...stored, fields };
}

function storeVersions(feature: FeatureModel, { fields, ...versions }: FeatureVersions, memo: Memo): void {
  const stored: StoredVersions = { ...versions, fields: [...fields.values()] };
  memo("versions", feature).store(JSON.stringify(stored));
}

/** Upstream features come first, so `parentVersions` has the versions of all parents. */
function featureVersions(
  feature: FeatureModel,
  parentVersions: ReadonlyMap<FieldModel, string>,
  hash: Hash,
): FeatureVersions {
  const fields = new Map<FieldModel, string>();
  for (const field of feature.fields) {
    const parents = field.parents.map((parent) => parentVersions.get(parent) ?? "");
    const { key, codeVersion } = field;
    fields.set(field, fieldVersion(hash, { feature: feature.key, field: key, codeVersion, parents }));
  }
  return {
    featureVersion: versionOverFields(
      hash,
      [...fields].map(([field, version]) => [field.key, version]),
    ),
    codeVersion: versionOverFields(
      hash,
      feature.fields.map((field) => [field.key, field.codeVersion]),
    ),
    definitionVersion: hash(canonicalDefinition(feature.spec)),
    fields,
  };
}

function projectVersion(features: ReadonlyMap<FeatureModel, FeatureVersions>, hash: Hash): string {
  const ordered = [...features].sort(([a], [b]) => compareKeys(a.key, b.key));
  return hash(ordered.map(([feature, versions]) => feature.key + versions.definitionVersion).join(""));
}

/**
 * The whole spec as canonical JSON (RFC 8785), defaults filled in and `$ref` inlined.
 *
 * Anything that a user can edit changes it, except formatting, the order of keys, `$schema` and the path of the file.
 */
function canonicalDefinition(spec: ParsedSpec): string {
  const definition = {
    title: spec.title,
    description: spec.description,
    columns: spec.columns
      .map(({ name, nullable, schema }) => ({ name, nullable, schema }))
      .sort((a, b) => compareText(a.name, b.name)),
    key: spec.key,
    idColumns: spec.idColumns,
    deps: spec.deps.map(({ path, featurePath, ...dep }) => dep),
    fields: spec.fields.map(({ path, keyPath, deps, ...field }) => ({
      ...field,
      deps: deps === undefined || deps === "all" ? deps : deps.map(({ path: _, ...dep }) => dep),
    })),
    renamedFrom: spec.renamedFrom,
    metadata: spec.metadata,
  };
  return canonicalize(definition) ?? "";
}
