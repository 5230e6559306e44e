import type { FeatureStatus, VersionDiff } from "../version-diff.ts";
import { count } from "./count.ts";

/** Says in one line how many features and fields changed, and how many kept their version. */
export function describeTotals({ before, totals }: VersionDiff): string {
  const features = sum(totals.features);
  const fields = sum(totals.fields);
  if (before === undefined) return `First versions: ${describeSize(features, fields)}`;
  if (features === totals.features.unchanged) return describeUnmoved(features, fields);

  const parts = phrases.flatMap(([status, phrase]) => {
    const number = totals.features[status];
    return number === 0 ? [] : [`${number} ${phrase(number)}`];
  });
  const { unchanged, direct, indirect } = totals.fields;
  const inBoth = unchanged + direct + indirect;
  const kept = `${unchanged} of ${count(inBoth, "field")} ${unchanged === 1 ? "keeps its" : "keep their"} version`;
  return inBoth === 0 ? parts.join(", ") : `${parts.join(", ")}; ${kept}`;
}

/** Says that all kept their version. */
export function describeUnmoved(features: number, fields: number): string {
  return `No version changed: ${describeSize(features, fields)}`;
}

function describeSize(features: number, fields: number): string {
  return `${count(features, "feature")}, ${count(fields, "field")}`;
}

const phrases: readonly (readonly [FeatureStatus, (number: number) => string])[] = [
  ["added", () => "added"],
  ["removed", () => "removed"],
  ["direct", () => "changed directly"],
  ["indirect", (number) => (number === 1 ? "follows" : "follow")],
  ["definitionOnly", () => "in the definition only"],
  ["unchanged", () => "untouched"],
];

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}
