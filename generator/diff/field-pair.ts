import type { Manifest, ManifestFeature, ManifestField } from "../manifest/manifest.ts";
import { compareKeys, compareText } from "../source/compare-text.ts";

/** What something was and is. */
interface Pair<Value> {
  readonly key: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** What a feature was and is, and its fields, ordered by key. */
export interface FeaturePair extends Pair<ManifestFeature> {
  readonly fields: readonly FieldPair[];
}

/** What a field was and is. */
export interface FieldPair extends Pair<ManifestField> {
  readonly feature: Pair<ManifestFeature>;
  /** `feature.field`. */
  readonly fullName: string;
}

/** A field that both states have, under different versions. */
export type MovedField = FieldPair & { readonly before: ManifestField; readonly after: ManifestField };

/** Whether a field is in both states, under different versions. */
export function isMoved(field: FieldPair): field is MovedField {
  return (
    field.before !== undefined && field.after !== undefined && field.before.version !== field.after.version
  );
}

/** Pairs the features of two manifests by key, and their fields. */
export function pairFeatures(before: Manifest | undefined, after: Manifest): FeaturePair[] {
  return pairByName(before?.features ?? {}, after.features, compareKeys).map((feature) => ({
    ...feature,
    fields: pairByName(feature.before?.fields ?? {}, feature.after?.fields ?? {}, compareText).map(
      (field) => ({ ...field, feature, fullName: `${feature.key}.${field.key}` }),
    ),
  }));
}

function pairByName<Value>(
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
