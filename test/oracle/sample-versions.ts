import { createHash } from "node:crypto";
import { byCodePoint } from "./code-point-order.ts";
import type { FeatureDefinition, FieldDefinition } from "./definitions.ts";

/** One version per field, by struct member name. */
export type VersionsByField = Readonly<Record<string, string>>;

/** The sample hash: md5 in hex, cut. */
export function sampleHash(text: string, hashLength: number): string {
  return createHash("md5").update(text, "utf8").digest("hex").slice(0, hashLength);
}

/** Provenance of a field from the values of its parents, by full name; a missing value is empty. */
export function fieldProvenance(
  field: FieldDefinition,
  values: ReadonlyMap<string, string | null>,
  hashLength: number,
): string {
  const parents = field.parents.flatMap(({ fullName }) => [fullName, values.get(fullName) ?? ""]);
  return sampleHash([field.key, field.codeVersion, ...parents].join("|"), hashLength);
}

/** The version of a whole sample from those of its fields, ordered by struct member name. */
export function sampleVersion(
  feature: FeatureDefinition,
  byField: VersionsByField,
  hashLength: number,
): string {
  const members = feature.fields.map((field) => field.member).toSorted(byCodePoint);
  return sampleHash(members.map((member) => byField[member] ?? "").join("|"), hashLength);
}
