import { memberOf } from "../resolve/feature-name.ts";
import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import type { FeatureVersions, PreviousVersions } from "./project-versions.ts";
import { fieldVersion, type Hash, versionOverFields } from "./version-formulas.ts";

/**
 * Computes the versions that features have under the old names, in their own specs and in those upstream.
 *
 * The formulas are those of today with other names, so that rows of such a version differ from today's by names alone.
 * Returns only features whose version differs.
 */
export function previousVersions(
  project: { readonly features: readonly FeatureModel[] },
  current: ReadonlyMap<FeatureModel, FeatureVersions>,
  hash: Hash,
): ReadonlyMap<FeatureModel, PreviousVersions> {
  const previousFieldVersions = new Map<FieldModel, string>();
  const previous = new Map<FeatureModel, PreviousVersions>();
  for (const feature of project.features) {
    const names = oldNames(feature);
    const isDownstream = feature.fields.some((field) =>
      field.parents.some((parent) => previousFieldVersions.has(parent)),
    );
    if (names.renames.length === 0 && !isDownstream) continue;
    // Two fields can't have shared a struct member, so these names never existed together.
    if (new Set([...names.fieldKeys.values()].map(memberOf)).size < feature.fields.length) continue;
    const versions = fieldVersions(feature, names, previous, hash, (field) => {
      return previousFieldVersions.get(field) ?? current.get(field.feature)?.fields.get(field) ?? "";
    });
    for (const [field, version] of versions) previousFieldVersions.set(field, version);
    const featureVersion = overFields(versions, names, hash);
    if (featureVersion === current.get(feature)?.featureVersion) continue;
    const { key, fieldKeys } = names;
    previous.set(feature, { key, featureVersion, fieldKeys, between: between(feature, names, hash) });
  }
  return previous;
}

/** Names of a feature and its fields. */
interface Names {
  readonly key: string;
  readonly fieldKeys: ReadonlyMap<FieldModel, string>;
}

function oldNames(feature: FeatureModel): Names & { readonly renames: readonly (FieldModel | "key")[] } {
  const { feature: key, fields = {} } = feature.spec.renamedFrom ?? {};
  const renamed = feature.fields.filter((field) => Object.hasOwn(fields, field.key));
  return {
    key: key ?? feature.key,
    fieldKeys: new Map(
      feature.fields.map((field) => [
        field,
        renamed.includes(field) ? (fields[field.key] ?? field.key) : field.key,
      ]),
    ),
    renames: [...(key === undefined ? [] : (["key"] as const)), ...renamed],
  };
}

function fieldVersions(
  feature: FeatureModel,
  { key, fieldKeys }: Names,
  previous: ReadonlyMap<FeatureModel, PreviousVersions>,
  hash: Hash,
  versionOf: (parent: FieldModel) => string,
): ReadonlyMap<FieldModel, string> {
  return new Map(
    feature.fields.map((field) => {
      const parents = previousParents(field, previous).map(({ parent }) => versionOf(parent));
      const parts = { feature: key, field: fieldKeys.get(field) ?? field.key, parents };
      return [field, fieldVersion(hash, { ...parts, codeVersion: field.codeVersion })];
    }),
  );
}

function overFields(versions: ReadonlyMap<FieldModel, string>, { fieldKeys }: Names, hash: Hash): string {
  return versionOverFields(
    hash,
    [...versions].map(([field, version]) => [fieldKeys.get(field) ?? field.key, version]),
  );
}

/** The parents of a field with their old full names, ordered by these. */
export function previousParents(
  field: FieldModel,
  previous: ReadonlyMap<FeatureModel, PreviousVersions>,
): readonly { readonly parent: FieldModel; readonly fullName: string }[] {
  return field.parents
    .map((parent) => {
      const names = previous.get(parent.feature);
      const key = names?.fieldKeys.get(parent) ?? parent.key;
      return { parent, fullName: `${names?.key ?? parent.feature.key}.${key}` };
    })
    .sort((a, b) => compareText(a.fullName, b.fullName));
}

/** With more renames of one root than this, not all of their subsets are computed. */
const maxRenames = 5;

/** Versions of a root with some old and some new names. */
function between(feature: FeatureModel, names: ReturnType<typeof oldNames>, hash: Hash): readonly string[] {
  const { renames } = names;
  if (feature.deps.length > 0 || renames.length < 2) return [];
  const versions = properSubsets(renames).map((old) => {
    const mixed: Names = {
      key: old.includes("key") ? names.key : feature.key,
      fieldKeys: new Map(
        feature.fields.map((field) => [
          field,
          (old.includes(field) && names.fieldKeys.get(field)) || field.key,
        ]),
      ),
    };
    return overFields(
      fieldVersions(feature, mixed, new Map(), hash, () => ""),
      mixed,
      hash,
    );
  });
  return [...new Set(versions)].sort(compareText);
}

/** All proper, non-empty subsets of a list; of a long list only those with one item and those without one item. */
function properSubsets<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length > maxRenames)
    return items.flatMap((item) => [[item], items.filter((other) => other !== item)]);
  return Array.from({ length: 2 ** items.length - 2 }, (_, mask) =>
    items.filter((_, index) => ((mask + 1) >> index) & 1),
  );
}
