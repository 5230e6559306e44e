import { memberOf } from "../resolve/feature-name.ts";
import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import type { FeatureVersions, PreviousVersions } from "./project-versions.ts";
import { fieldVersion, type Hash, versionOverFields } from "./version-formulas.ts";

/**
 * The versions that features would have if everything that is renamed at or above them still had its old name.
 *
 * The formulas are those of today, with other names in them, so rows of such a version differ from today's by names
 * alone. Only features whose version differs are among them.
 */
export function previousVersions(
  project: { readonly features: readonly FeatureModel[] },
  current: ReadonlyMap<FeatureModel, FeatureVersions>,
  hash: Hash,
): ReadonlyMap<FeatureModel, PreviousVersions> {
  const known = new Map<FieldModel, string>();
  const previous = new Map<FeatureModel, PreviousVersions>();
  for (const feature of project.features) {
    const names = oldNames(feature);
    const isBelow = feature.fields.some((field) => field.parents.some((parent) => known.has(parent)));
    if (names.renames.length === 0 && !isBelow) continue;
    // No table ever had two fields under one struct member.
    if (new Set([...names.fieldKeys.values()].map(memberOf)).size < feature.fields.length) continue;
    const versions = fieldVersions(feature, names, previous, hash, (field) => {
      return known.get(field) ?? current.get(field.feature)?.fields.get(field) ?? "";
    });
    for (const [field, version] of versions) known.set(field, version);
    const featureVersion = overFields(versions, names, hash);
    if (featureVersion === current.get(feature)?.featureVersion) continue;
    const { key, fieldKeys } = names;
    previous.set(feature, { key, featureVersion, fieldKeys, between: between(feature, names, hash) });
  }
  return previous;
}

/** What a feature and its fields were called. */
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

/** The parents of a field with the full names that they had, in the order of these. */
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

/** Beyond so many renames of one root, only the first and the last of them are looked for. */
const mostRenames = 5;

/** The versions of a root where some of its names were old, and some new. */
function between(feature: FeatureModel, names: ReturnType<typeof oldNames>, hash: Hash): readonly string[] {
  const { renames } = names;
  if (feature.deps.length > 0 || renames.length < 2) return [];
  const versions = partsOf(renames).map((old) => {
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

/** All parts of a list but the whole and nothing; of a long one those that lack, or have, one item. */
function partsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length > mostRenames)
    return items.flatMap((item) => [[item], items.filter((other) => other !== item)]);
  return Array.from({ length: 2 ** items.length - 2 }, (_, mask) =>
    items.filter((_, index) => ((mask + 1) >> index) & 1),
  );
}
