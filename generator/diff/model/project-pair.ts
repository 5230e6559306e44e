import type { Manifest, ManifestDep, ManifestFeature, ManifestField } from "../../manifest/manifest.ts";
import { compareKeys, compareText } from "../../source/compare-text.ts";
import { formerName, type Rename, type Renames } from "./renames.ts";

/** Two states of a project, paired by name. */
export interface ProjectPair {
  /** Ordered by key parts. */
  readonly features: ReadonlyMap<string, FeaturePair>;
  /** By full name. */
  readonly fields: ReadonlyMap<string, FieldPair>;
  /** The state before is listed under the new names. */
  readonly renames: Renames;
}

/** The two states of something. */
export interface Pair<Value> {
  readonly key: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** Something that both states have. */
export interface InBoth<Value> extends Pair<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** The two states of a feature. */
export interface FeatureStates extends Pair<ManifestFeature> {
  /** Whether both states are equal. */
  readonly isIdentical: boolean;
  /** Present where it had another key. */
  readonly renamed?: Rename;
}

/** The two states of a feature, and of its fields, ordered by key. */
export interface FeaturePair extends FeatureStates {
  readonly fields: readonly FieldPair[];
}

/** A feature that both states have. */
export interface FeatureInBoth extends InBoth<ManifestFeature> {
  readonly isIdentical: boolean;
  readonly renamed?: Rename;
  readonly fields: readonly FieldPair[];
}

/** The two states of a field. */
export interface FieldPair extends Pair<ManifestField> {
  readonly feature: FeatureStates;
  /** `feature.field`. */
  readonly fullName: string;
  /** The full name before; the same where neither the feature nor the field was renamed. */
  readonly formerName: string;
  /** Present where the field had another key. */
  readonly renamed?: Rename;
}

/** A field of the state before. */
export type OldField = FieldPair & { readonly before: ManifestField };

/** A field that both states have, under different versions. */
export type MovedField = FieldPair & InBoth<ManifestField>;

/** Pairs the features and fields of two manifests by key. `before` has the new names. */
export function pairProjects(
  before: Manifest | undefined,
  after: Manifest,
  renames: Renames = noRenames,
): ProjectPair {
  const features = pairByName(before?.features ?? {}, after.features, compareKeys).map(
    (pair): FeaturePair => {
      const { before, after } = pair;
      const { key } = pair;
      const renamed = renames.features.get(key);
      const renamedFields = renames.fields.get(key);
      const feature = {
        ...pair,
        isIdentical: before === after || JSON.stringify(before) === JSON.stringify(after),
        ...(renamed === undefined ? {} : { renamed }),
      };
      const fields = pairByName(feature.before?.fields ?? {}, feature.after?.fields ?? {}, compareText);
      return {
        ...feature,
        fields: fields.map((field): FieldPair => {
          const renamedField = renamedFields?.get(field.key);
          const former = formerName(renamedFields, field.key);
          return {
            ...field,
            feature,
            fullName: `${key}.${field.key}`,
            formerName: `${renamed?.from ?? key}.${former}`,
            ...(renamedField === undefined ? {} : { renamed: renamedField }),
          };
        }),
      };
    },
  );
  return {
    features: new Map(features.map((feature) => [feature.key, feature])),
    fields: new Map(features.flatMap(({ fields }) => fields.map((field) => [field.fullName, field]))),
    renames,
  };
}

const noRenames: Renames = { features: new Map(), fields: new Map(), columns: new Map() };

/** Pairs the deps of a feature by upstream, ordered by its key parts. */
export function pairDeps({ before, after }: Pair<ManifestFeature>): Pair<ManifestDep>[] {
  const byUpstream = (feature: ManifestFeature | undefined): Record<string, ManifestDep> =>
    Object.fromEntries((feature?.deps ?? []).map((dep) => [dep.feature, dep]));
  return pairByName(byUpstream(before), byUpstream(after), compareKeys);
}

/** Pairs the entries of two records by name. */
export function pairByName<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  order: (a: string, b: string) => number,
): Pair<Value>[] {
  const left = new Map(Object.entries(before));
  const right = new Map(Object.entries(after));
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort(order)
    .map((key) => ({ key, before: left.get(key), after: right.get(key) }));
}

/** Whether both states have something. */
export function isInBoth<Some extends Pair<unknown>>(
  pair: Some,
): pair is Some & InBoth<NonNullable<Some["before"]>> {
  return pair.before !== undefined && pair.after !== undefined;
}

/** Whether a field is in both states, under different versions. */
export function isMoved(field: FieldPair): field is MovedField {
  return isInBoth(field) && field.before.version !== field.after.version;
}

/** Whether the state before has a field. */
export function existedBefore(field: FieldPair): field is OldField {
  return field.before !== undefined;
}

/** Whether the version of a field changed, or the field was removed. */
export function hasMoved({ before, after }: OldField): boolean {
  return before.version !== after?.version;
}

/** Whether two hashes are equal, though truncated to different lengths. */
export function isSameHash(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
