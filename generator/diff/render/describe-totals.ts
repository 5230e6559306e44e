import type { VersionDiff } from "../version-diff.ts";
import { count } from "./count.ts";
import { type ShownStatus, shownStatus } from "./shown-status.ts";

/** Says in one line how many features and fields changed, and how many kept their version. */
export function describeTotals(diff: VersionDiff): string {
  const { before, totals } = diff;
  const features = sum(totals.features);
  const fields = sum(totals.fields);
  if (before === undefined) return `First versions: ${describeSize(features, fields)}`;
  if (features === totals.features.unchanged) return describeUnmoved(features, fields);

  const shown = countShown(diff);
  const parts = phrases.flatMap(([status, phrase]) => {
    const number = shown[status];
    return number === 0 ? [] : [`${number} ${phrase(number)}`];
  });
  const { unchanged, direct, indirect } = totals.fields;
  const inBoth = unchanged + direct + indirect;
  const kept = `${unchanged} of ${count(inBoth, "field")} ${unchanged === 1 ? "keeps its" : "keep their"} version`;
  return inBoth === 0 ? parts.join(", ") : `${parts.join(", ")}; ${kept}`;
}

/** Those that moved without an edit upstream are counted apart. */
function countShown(diff: VersionDiff): Readonly<Record<ShownStatus, number>> {
  const apart = { projectWide: 0, unexplained: 0 };
  for (const feature of diff.causes.length === 0 ? [] : diff.features) {
    const status = shownStatus(feature, diff);
    if (status === "projectWide" || status === "unexplained") apart[status] += 1;
  }
  const { features } = diff.totals;
  return { ...features, ...apart, indirect: features.indirect - apart.projectWide - apart.unexplained };
}

/** Says that all kept their version. */
export function describeUnmoved(features: number, fields: number): string {
  return `No version changed: ${describeSize(features, fields)}`;
}

function describeSize(features: number, fields: number): string {
  return `${count(features, "feature")}, ${count(fields, "field")}`;
}

const phrases: readonly (readonly [ShownStatus, (number: number) => string])[] = [
  ["added", () => "added"],
  ["removed", () => "removed"],
  ["direct", () => "changed directly"],
  ["indirect", (number) => (number === 1 ? "follows" : "follow")],
  ["projectWide", () => "moved project-wide"],
  ["unexplained", () => "moved without an edit"],
  ["definitionOnly", () => "in the definition only"],
  ["unchanged", () => "untouched"],
];

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}
