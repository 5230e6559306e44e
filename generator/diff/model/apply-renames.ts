import type { Manifest, ManifestDep, ManifestFeature, ManifestField } from "../../manifest/manifest.ts";
import type { FieldsMapping } from "../../parse/feature-spec.ts";
import { compareKeys, compareText } from "../../source/compare-text.ts";
import { renameInFilter } from "./filters.ts";
import type { NamesOf } from "./renames.ts";

/** A manifest under new keys of features. */
export function renameFeatures(manifest: Manifest, renames: NamesOf): Manifest {
  if (renames.size === 0) return manifest;
  const key = namer(renames);
  const fullName = (name: string): string => {
    const dot = name.indexOf(".");
    return key(name.slice(0, dot)) + name.slice(dot);
  };
  return mapFeatures(manifest, key, (feature) => ({
    ...feature,
    deps: feature.deps
      .map((dep) => ({ ...dep, feature: key(dep.feature) }))
      .sort((a, b) => compareKeys(a.feature, b.feature)),
    fields: mapValues(feature.fields, (field) => ({
      ...field,
      parents: field.parents.map(fullName).sort(compareText),
      ...(Array.isArray(field.deps)
        ? { deps: field.deps.map((dep) => ({ ...dep, feature: key(dep.feature) })) }
        : {}),
    })),
  }));
}

/** A manifest under new keys of fields. */
export function renameFields(manifest: Manifest, renames: ReadonlyMap<string, NamesOf>): Manifest {
  if (renames.size === 0) return manifest;
  const namers = new Map([...renames].map(([feature, names]) => [feature, namer(names)]));
  const keyIn = (feature: string, field: string): string => namers.get(feature)?.(field) ?? field;
  const fullName = (name: string): string => {
    const dot = name.indexOf(".");
    return `${name.slice(0, dot)}.${keyIn(name.slice(0, dot), name.slice(dot + 1))}`;
  };
  const renameField = (field: ManifestField): ManifestField => ({
    ...field,
    parents: field.parents.map(fullName).sort(compareText),
    ...(Array.isArray(field.deps)
      ? {
          deps: field.deps.map(({ feature, fields }) => ({
            feature,
            fields: fields === "all" ? fields : fields.map((name: string) => keyIn(feature, name)),
          })),
        }
      : {}),
  });
  return mapFeatures(manifest, String, (feature, key) => ({
    ...feature,
    deps: feature.deps.map((dep) =>
      dep.fieldsMapping === undefined
        ? dep
        : {
            ...dep,
            fieldsMapping: renameMapping(
              dep.fieldsMapping,
              (field) => keyIn(key, field),
              (field) => keyIn(dep.feature, field),
            ),
          },
    ),
    fields: mapNames(feature.fields, (field) => keyIn(key, field), renameField),
  }));
}

function renameMapping(
  mapping: FieldsMapping,
  own: (field: string) => string,
  upstream: (field: string) => string,
): FieldsMapping {
  if (mapping.type === "specific") {
    return {
      ...mapping,
      mapping: mapNames(mapping.mapping, own, (fields) => fields.map(upstream)),
    };
  }
  if (mapping.type !== "default" || mapping.excludeFields === undefined) return mapping;
  return { ...mapping, excludeFields: mapping.excludeFields.map(upstream) };
}

/** A manifest under new names of columns. Increments have the new names too, unless a dep renames the column itself. */
export function renameColumns(
  manifest: Manifest,
  after: Manifest,
  renames: ReadonlyMap<string, NamesOf>,
): Manifest {
  if (renames.size === 0) return manifest;
  return mapFeatures(manifest, String, (feature, key) => {
    const own = namer(renames.get(key) ?? new Map());
    const later = after.features[key]?.deps ?? [];
    return {
      ...feature,
      idColumns: feature.idColumns.map(own),
      columns: mapNames(feature.columns, own, (column) => column),
      deps: feature.deps.map((dep) => {
        const names = renames.get(dep.feature);
        const now = later.find((other) => other.feature === dep.feature);
        return names === undefined ? dep : renameInDep(dep, names, now?.rename ?? {});
      }),
    };
  });
}

/** `rename`: the columns that the dep renames in the state after. */
function renameInDep(
  dep: ManifestDep,
  names: NamesOf,
  rename: Readonly<Record<string, string>>,
): ManifestDep {
  const arriving = new Map<string, string>();
  const renamed: Record<string, string> = { ...dep.rename };
  for (const [name, { from }] of names) {
    const arrived = renamed[from];
    delete renamed[from];
    // It arrives under its former name: by a rename before, or by one now.
    if (arrived !== undefined) renamed[name] = arrived;
    else if (rename[name] !== undefined) renamed[name] = from;
    else arriving.set(from, name);
  }
  const name = (column: string): string => arriving.get(column) ?? column;
  const { rename: _, select, where, lineage, ...others } = dep;
  return {
    ...others,
    lineage: "on" in lineage ? { ...lineage, on: lineage.on.map(name) } : lineage,
    ...(select === undefined ? {} : { select: select.map(name) }),
    ...(Object.keys(renamed).length === 0 ? {} : { rename: renamed }),
    ...(where === undefined ? {} : { where: where.map((filter) => renameInFilter(filter, arriving)) }),
  };
}

/** Returns the new name of a former one. */
function namer(names: NamesOf): (name: string) => string {
  const renamed = new Map([...names].map(([name, { from }]) => [from, name]));
  return (name) => renamed.get(name) ?? name;
}

function mapFeatures(
  manifest: Manifest,
  rename: (key: string) => string,
  map: (feature: ManifestFeature, key: string) => ManifestFeature,
): Manifest {
  const features = Object.entries(manifest.features).map(
    ([key, feature]) => [rename(key), map(feature, key)] as const,
  );
  return { ...manifest, features: Object.fromEntries(features) };
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Value,
): Record<string, Value> {
  return mapNames(record, String, map);
}

function mapNames<Value>(
  record: Readonly<Record<string, Value>>,
  rename: (name: string) => string,
  map: (value: Value) => Value,
): Record<string, Value> {
  const entries = Object.entries(record).map(([name, value]) => [rename(name), map(value)] as const);
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}
