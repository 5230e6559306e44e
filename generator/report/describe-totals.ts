import type { VersionDiff } from "../diff/model/version-diff.ts";
import { count } from "./count.ts";
import { type DisplayStatus, displayStatus } from "./display-status.ts";

/** Says in one line how many features and fields changed, and how many kept their version. */
export function describeTotals(diff: VersionDiff): string {
  const { before, totals } = diff;
  const features = sum(totals.features);
  const fields = sum(totals.fields);
  if (before === undefined) return `First versions: ${describeSize(features, fields)}`;
  if (features === totals.features.unchanged) return describeNoChanges(features, fields);

  const byStatus = countByDisplayStatus(diff);
  const parts = phrases.flatMap(([status, phrase]) => {
    const number = byStatus[status];
    return number === 0 ? [] : [`${number} ${phrase(number)}`];
  });
  const { unchanged, direct, indirect } = totals.fields;
  const inBoth = unchanged + direct + indirect;
  const kept = `${unchanged} of ${count(inBoth, "field")} ${unchanged === 1 ? "keeps its" : "keep their"} version`;
  return inBoth === 0 ? parts.join(", ") : `${parts.join(", ")}; ${kept}`;
}

/** Those that moved without an edit upstream are counted apart. */
function countByDisplayStatus(diff: VersionDiff): Readonly<Record<DisplayStatus, number>> {
  const separate = { projectWide: 0, unexplained: 0 };
  for (const feature of diff.causes.length === 0 ? [] : diff.features) {
    const status = displayStatus(feature, diff);
    if (status === "projectWide" || status === "unexplained") separate[status] += 1;
  }
  const { features } = diff.totals;
  return {
    ...features,
    ...separate,
    indirect: features.indirect - separate.projectWide - separate.unexplained,
  };
}

/** Says that all kept their version. */
export function describeNoChanges(features: number, fields: number): string {
  return `No version changed: ${describeSize(features, fields)}`;
}

function describeSize(features: number, fields: number): string {
  return `${count(features, "feature")}, ${count(fields, "field")}`;
}

const phrases: readonly (readonly [DisplayStatus, (number: number) => string])[] = [
  ["added", () => "added"],
  ["removed", () => "removed"],
  ["direct", () => "changed directly"],
  ["indirect", () => "changed indirectly"],
  ["projectWide", (number) => (number === 1 ? "project-wide change" : "project-wide changes")],
  ["unexplained", () => "changed without a spec edit"],
  ["metadataOnly", () => "metadata only"],
  ["unchanged", () => "unchanged"],
];

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}
