import type { VersionDiff } from "../diff/index.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { type DisplayStatus, displayStatus, displayStatuses, statusDisplays } from "./display-status.ts";
import { printableText, wrapText } from "./display-text.ts";
import { count, digits } from "./names.ts";

/** One line: how many features and fields changed, and how many keep their version. */
export function describeTotals(diff: VersionDiff): string {
  const { before, totals } = diff;
  const features = sum(totals.features);
  const fields = sum(totals.fields);
  if (before === undefined) return `First versions: ${describeSize(features, fields)}`;
  if (features === totals.features.unchanged) return describeNoChanges(features, fields);

  const numbers = countByDisplayStatus(diff);
  const parts = displayStatuses
    .filter((status) => numbers[status] > 0)
    .map((status) => `${digits(numbers[status])} ${phraseOf(status, numbers)}`);
  const { unchanged, direct, indirect } = totals.fields;
  const inBoth = unchanged + direct + indirect;
  const kept = `${digits(unchanged)} of ${count(inBoth, "field")} ${unchanged === 1 ? "keeps its" : "keep their"} version`;
  return inBoth === 0 ? parts.join(", ") : `${parts.join(", ")}; ${kept}`;
}

type StatusCounts = Readonly<Record<DisplayStatus, number>>;

/** `2 changed directly, 5 indirectly`: the verb is printed once. */
function phraseOf(status: DisplayStatus, { direct }: StatusCounts): string {
  return status === "indirect" && direct > 0 ? "indirectly" : statusDisplays[status].total;
}

/** Features that changed without an edit are counted separately. */
function countByDisplayStatus(diff: VersionDiff): StatusCounts {
  const separate = { projectWide: 0, unexplained: 0 };
  for (const feature of diff.causes.length === 0 ? [] : diff.features) {
    const status = displayStatus(feature, diff);
    if (status === "projectWide" || status === "unexplained") separate[status] += 1;
  }
  const { features } = diff.totals;
  const indirect = features.indirect - separate.projectWide - separate.unexplained;
  return { ...features, ...separate, indirect };
}

/**
 * Renders the comparison of a state with itself, as `renderText` does. `base` names what it was compared with; `columns`
 * is the width of the terminal.
 *
 * Loads nothing of the diff, since mostly nothing changed.
 */
export function renderNoChanges(
  { features }: Manifest,
  base: string | undefined,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const all = Object.values(features);
  const fields = all.reduce((total, feature) => total + Object.keys(feature.fields).length, 0);
  const lines = [...(base === undefined ? [] : [base]), describeNoChanges(all.length, fields)];
  return lines
    .flatMap((line) => wrapText(printableText(line), columns))
    .map((line) => `${line}\n`)
    .join("");
}

function describeNoChanges(features: number, fields: number): string {
  return `No version changed: ${describeSize(features, fields)}`;
}

function describeSize(features: number, fields: number): string {
  return `${count(features, "feature")}, ${count(fields, "field")}`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}
