import canonicalize from "canonicalize";
import type { Manifest, ManifestFeature } from "../../manifest/manifest.ts";
import type { JsonDocument } from "../../source/json-document.ts";
import { valueAt } from "../../source/json-pointer.ts";
import { renameColumns, renameFeatures, renameFields } from "./apply-renames.ts";
import { formerName, type NamesOf, type Rename, type Renames } from "./renames.ts";
import type { SpecDocuments } from "./spec-paths.ts";

/** The state before under the names of the state after, and what was renamed. */
export interface RenamedState {
  readonly manifest: Manifest;
  readonly renames: Renames;
}

/**
 * Detects renames and returns the state before under the names of the state after, so that all remaining differences are
 * edits. Versions stay as they were.
 *
 * A rename is declared by `renamedFrom`, or guessed where an added entry has the content of a removed one; columns and
 * fields must also have the same position in their specs. `formerSpecs` are the specs of the state before.
 */
export function findRenames(
  before: Manifest,
  after: Manifest,
  specs: SpecDocuments = new Map(),
  formerSpecs: SpecDocuments = new Map(),
): RenamedState {
  const specsOf = (key: string): SpecPair => ({
    before: formerSpecs.get(formerName(features, key)),
    after: specs.get(key),
  });
  const features = new Map<string, Rename>();
  let manifest = before;
  // A feature may match only once its upstream features have their new names.
  for (
    let found = declaredFeatures(before, after), isFirst = true;
    found.size > 0 || isFirst;
    found = identicalFeatures(manifest, after), isFirst = false
  ) {
    for (const [key, rename] of found) features.set(key, rename);
    manifest = renameFeatures(manifest, found);
  }
  const columns = inEachFeature(manifest, after, specsOf, renamedColumns);
  manifest = renameColumns(manifest, after, columns);
  const fields = inEachFeature(manifest, after, specsOf, renamedFields);
  manifest = renameFields(manifest, fields);
  return { manifest, renames: { features, fields, columns } };
}

function declaredFeatures(before: Manifest, after: Manifest): NamesOf {
  return new Map(
    Object.entries(after.features).flatMap(([key, { renamedFrom }]): [string, Rename][] => {
      const from = renamedFrom?.feature;
      const isRenamed =
        from !== undefined &&
        from in before.features &&
        !(from in after.features) &&
        !(key in before.features);
      return isRenamed ? [[key, { from, isDeclared: true }]] : [];
    }),
  );
}

function identicalFeatures(before: Manifest, after: Manifest): NamesOf {
  return pairIdentical(before.features, after.features, contentOf);
}

/** The content of a feature, without what its key decides. */
function contentOf({ idColumns, deps, columns, fields }: ManifestFeature): string {
  const withoutVersions = Object.entries(fields).map(([key, { version: _, ...field }]) => [key, field]);
  return canonicalize({ idColumns, deps, columns, fields: Object.fromEntries(withoutVersions) }) ?? "";
}

function renamedColumns(before: ManifestFeature, after: ManifestFeature, specs: SpecPair): NamesOf {
  const declared = declaredIn(after.renamedFrom?.columns, before.columns, after.columns);
  // With another lineage, the ids of a sample come from elsewhere: the former ones were not renamed.
  const isSameLineage = lineageKinds(before) === lineageKinds(after);
  const identical = pairIdentical(
    without(before.columns, [
      ...[...declared.values()].map(({ from }) => from),
      ...(isSameLineage ? [] : before.idColumns),
    ]),
    without(after.columns, [...declared.keys(), ...(isSameLineage ? [] : after.idColumns)]),
    (column) => canonicalize(column) ?? "",
    columnMatcher(specs),
  );
  return new Map([...declared, ...identical]);
}

function lineageKinds({ deps }: ManifestFeature): string {
  return deps.map(({ lineage }) => lineage?.type ?? "identity").join(" ");
}

function renamedFields(before: ManifestFeature, after: ManifestFeature, specs: SpecPair): NamesOf {
  const declared = declaredIn(after.renamedFrom?.fields, before.fields, after.fields);
  const identical = pairIdentical(
    without(
      before.fields,
      [...declared.values()].map(({ from }) => from),
    ),
    without(after.fields, [...declared.keys()]),
    ({ version: _, ...field }) => canonicalize(field) ?? "",
    fieldMatcher(specs),
  );
  return new Map([...declared, ...identical]);
}

/** A `renamedFrom` counts only where the old name existed before and exists no longer. */
function declaredIn(
  renamedFrom: Readonly<Record<string, string>> | undefined,
  before: object,
  after: object,
): NamesOf {
  const renamed = Object.entries(renamedFrom ?? {}).filter(
    ([name, from]) =>
      Object.hasOwn(before, from) &&
      !Object.hasOwn(after, from) &&
      Object.hasOwn(after, name) &&
      !Object.hasOwn(before, name),
  );
  return new Map(renamed.map(([name, from]) => [name, { from, isDeclared: true }]));
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

function inEachFeature(
  before: Manifest,
  after: Manifest,
  specsOf: (key: string) => SpecPair,
  find: (before: ManifestFeature, after: ManifestFeature, specs: SpecPair) => NamesOf,
): ReadonlyMap<string, NamesOf> {
  return new Map(
    Object.entries(after.features).flatMap(([key, feature]) => {
      const old = before.features[key];
      const names = old === undefined || old === feature ? new Map() : find(old, feature, specsOf(key));
      return names.size === 0 ? [] : [[key, names] as const];
    }),
  );
}

/** Whether an added name may be the new one of a removed name. */
export type NameMatcher = (name: string, from: string) => boolean;

/**
 * Pairs added with removed entries of the same content. An entry that matches several is left unpaired: the content does
 * not say which one it is.
 */
function pairIdentical<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  contentOf: (value: Value) => string,
  matches: NameMatcher = () => true,
): NamesOf {
  const removed = onlyIn(before, after, contentOf);
  const added = onlyIn(after, before, contentOf);
  const pairs = added.flatMap(({ name, content }) =>
    removed
      .filter((other) => other.content === content && matches(name, other.name))
      .map((other) => [name, other.name]),
  );
  const isOnly = (end: number, name: string | undefined): boolean =>
    pairs.filter((pair) => pair[end] === name).length === 1;
  return new Map(
    pairs.flatMap(([name = "", from = ""]): [string, Rename][] =>
      isOnly(0, name) && isOnly(1, from) ? [[name, { from, isDeclared: false }]] : [],
    ),
  );
}

function onlyIn<Value>(
  record: Readonly<Record<string, Value>>,
  other: object,
  contentOf: (value: Value) => string,
): { readonly name: string; readonly content: string }[] {
  return Object.entries(record)
    .filter(([name]) => !Object.hasOwn(other, name))
    .map(([name, value]) => ({ name, content: contentOf(value) }));
}

/** The spec of a feature before and after, as far as each is known. */
export interface SpecPair {
  readonly before: JsonDocument | undefined;
  readonly after: JsonDocument | undefined;
}

/**
 * Matches an added column with a removed one at the same position of the spec. Without a spec, one name must contain the
 * other: `duration` and `duration_s`.
 */
function columnMatcher({ before, after }: SpecPair): NameMatcher {
  return positionMatcher(columnsIn(before), columnsIn(after));
}

/** The same for a field. */
function fieldMatcher({ before, after }: SpecPair): NameMatcher {
  return positionMatcher(fieldsIn(before), fieldsIn(after));
}

function positionMatcher(before: readonly string[], after: readonly string[]): NameMatcher {
  return (name, from) => {
    if (name.includes(from) || from.includes(name)) return true;
    const [then, now] = [before.indexOf(from), after.indexOf(name)];
    if (then === -1 || now === -1) return false;
    const isOnlyOne = before.length === 1 && after.length === 1;
    // A shared neighbour is enough: entries may have been added or removed before it.
    return isOnlyOne || [-1, 1].some((step) => isSameName(before[then + step], after[now + step]));
  };
}

function isSameName(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

function columnsIn(spec: JsonDocument | undefined): string[] {
  const columns = spec && valueAt(spec.value, ["properties"]);
  return typeof columns === "object" && columns !== null ? Object.keys(columns) : [];
}

function fieldsIn(spec: JsonDocument | undefined): string[] {
  const fields = spec && valueAt(spec.value, ["feature", "fields"]);
  if (!Array.isArray(fields)) return [];
  return fields.map((field) => (typeof field === "string" ? field : String(field?.key)));
}
