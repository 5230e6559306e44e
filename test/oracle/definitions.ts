import { createHash } from "node:crypto";
import { byCodePoint } from "./code-point-order.ts";
import type { DepDocument, FieldDepDocument, FieldDocument, SpecDocument } from "./spec-document.ts";

/** A feature with its versions. */
export interface FeatureDefinition {
  readonly key: string;
  readonly spec: SpecDocument;
  readonly idColumns: readonly string[];
  readonly deps: readonly DepDocument[];
  /** Ordered as declared. */
  readonly fields: readonly FieldDefinition[];
  readonly featureVersion: string;
  readonly codeVersion: string;
}

/** A field with its version. */
export interface FieldDefinition {
  readonly key: string;
  /** `feature.field`. */
  readonly fullName: string;
  /** Name of its struct member. */
  readonly member: string;
  readonly codeVersion: string;
  readonly version: string;
  /** Ordered by full name. */
  readonly parents: readonly ParentField[];
}

/** A field that another one is computed from. */
export interface ParentField {
  readonly feature: string;
  readonly member: string;
  readonly fullName: string;
  readonly version: string;
}

export type Definitions = ReadonlyMap<string, FeatureDefinition>;

/** Versions of all features of a project. */
export function defineFeatures(specs: readonly SpecDocument[], hashLength: number): Definitions {
  const specByKey = new Map(specs.map((spec) => [spec.feature.key, spec]));
  const defined = new Map<string, FeatureDefinition>();

  function define(key: string): FeatureDefinition {
    const known = defined.get(key);
    if (known !== undefined) return known;
    const spec = specByKey.get(key);
    if (spec === undefined) throw new Error(`no spec of ${key}`);
    const deps = normaliseDeps(spec);
    const upstream = new Map(deps.map((dep) => [dep.feature, define(dep.feature)]));
    const definition = defineFeature(spec, deps, upstream, hashLength);
    defined.set(key, definition);
    return definition;
  }

  for (const key of specByKey.keys()) define(key);
  return defined;
}

function defineFeature(
  spec: SpecDocument,
  deps: readonly DepDocument[],
  upstream: Definitions,
  hashLength: number,
): FeatureDefinition {
  const { key, idColumns } = spec.feature;
  const version = (text: string) =>
    createHash("sha256").update(text, "utf8").digest("hex").slice(0, hashLength);
  const fields = normaliseFields(spec).map((field): FieldDefinition => {
    const fullName = `${key}.${field.key}`;
    const codeVersion = field.codeVersion ?? "__metaxy_initial__";
    const parents = parentsOf(field, deps, upstream);
    const parentVersions = parents.map((parent) => parent.version).join("");
    return {
      key: field.key,
      fullName,
      member: memberOf(field.key),
      codeVersion,
      version: version(fullName + codeVersion + parentVersions),
      parents,
    };
  });
  const byKey = fields.toSorted((a, b) => byCodePoint(a.key, b.key));
  return {
    key,
    spec,
    idColumns,
    deps,
    fields,
    featureVersion: version(byKey.map((field) => field.key + field.version).join("")),
    codeVersion: version(byKey.map((field) => field.key + field.codeVersion).join("")),
  };
}

function normaliseDeps(spec: SpecDocument): DepDocument[] {
  return (spec.feature.deps ?? []).map((dep) => (typeof dep === "string" ? { feature: dep } : dep));
}

function normaliseFields(spec: SpecDocument): FieldDocument[] {
  return (spec.feature.fields ?? ["default"]).map((field) =>
    typeof field === "string" ? { key: field } : field,
  );
}

function memberOf(fieldKey: string): string {
  return fieldKey.replaceAll("/", "_");
}

function parentsOf(field: FieldDocument, deps: readonly DepDocument[], upstream: Definitions): ParentField[] {
  const parents = new Map<string, ParentField>();
  const add = (feature: string, keys: readonly string[]): void => {
    for (const parent of upstream.get(feature)?.fields ?? []) {
      if (!keys.includes(parent.key)) continue;
      const { fullName, member, version } = parent;
      parents.set(fullName, { feature, member, fullName, version });
    }
  };
  for (const dep of deps) {
    const candidates = (upstream.get(dep.feature)?.fields ?? []).map((candidate) => candidate.key);
    if (field.deps === undefined) add(dep.feature, mappedFields(field.key, dep, candidates));
    else if (field.deps === "all") add(dep.feature, candidates);
    else
      for (const entry of entriesFor(dep.feature, field.deps))
        add(dep.feature, namedFields(entry, candidates));
  }
  return [...parents.values()].toSorted((a, b) => byCodePoint(a.fullName, b.fullName));
}

function entriesFor(feature: string, entries: readonly FieldDepDocument[]): FieldDepDocument[] {
  return entries.filter((entry) => entry.feature === feature);
}

function namedFields(entry: FieldDepDocument, all: readonly string[]): readonly string[] {
  return entry.fields === undefined || entry.fields === "all" ? all : entry.fields;
}

function mappedFields(fieldKey: string, dep: DepDocument, all: readonly string[]): readonly string[] {
  const mapping = dep.fieldsMapping ?? { type: "default" };
  switch (mapping.type) {
    case "all":
      return all;
    case "none":
      return [];
    case "specific":
      return mapping.mapping[fieldKey] ?? [];
    case "default": {
      const candidates = all.filter((key) => !(mapping.excludeFields ?? []).includes(key));
      const suffix = mapping.matchSuffix ?? false;
      const matches = candidates.filter(
        (key) => key === fieldKey || (suffix && key.endsWith(`/${fieldKey}`)),
      );
      return matches.length > 0 ? matches : candidates;
    }
  }
}
