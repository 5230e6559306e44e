import { formatLocation } from "../../diagnostics/location.ts";
import type { Change, FeatureDiff, VersionDiff } from "../../diff/index.ts";
import { hasReason } from "../describe-causes.ts";
import { describeAllRows } from "../describe-rows.ts";
import { describeSteps } from "../describe-steps.ts";
import { describeTotals } from "../describe-totals.ts";
import { mostDirectFirst } from "../display-status.ts";
import { printableText, wrapText } from "../display-text.ts";
import { digits } from "../names.ts";
import { describeFeature } from "./describe-feature.ts";
import { layoutBlocks, type TextStyle } from "./layout.ts";
import { describeRowsTable } from "./rows-table.ts";

/** How a diff looks as text. */
export interface TextOptions extends TextStyle {
  /** The base, in words: `against main (merge base 3f2c1ab)`. */
  readonly base?: string;
  /** Omit what would push the totals off the screen: the least direct features and further causes of a field. */
  readonly brief?: boolean;
}

/**
 * Renders a diff for a terminal: the base, the totals, each changed feature with all causes down to the edited line, and
 * what to do.
 *
 * Unchanged features are counted, and listed where one of their upstream features changed. Without a terminal, every
 * entry is one line, however long.
 *
 * @example
 * ```ts
 * renderText(diff, { color: false, base: "against main" });
 * ```
 */
export function renderText(diff: VersionDiff, options: TextOptions): string {
  const { base, brief = false } = options;
  const isFirst = diff.before === undefined;
  const features = reportedFeatures(diff);
  const visible = brief ? features.slice(0, maxBriefFeatures) : features;
  const omitted = features.length - visible.length;
  const limits = { causes: brief ? maxBriefCauses : maxCauses };
  const blocks = visible.map((feature) => describeFeature(feature, diff, limits));
  const wrapped = (lines: readonly string[], maxWidth = Number.POSITIVE_INFINITY): string[] =>
    lines.flatMap((line) => wrapText(printableText(line), widthOf(options, maxWidth)));
  const sections = [
    wrapped([...(base === undefined ? [] : [base]), describeTotals(diff), ...describeAllRows(diff, String)]),
    describeRowsTable(diff.features, options),
    wrapped(describeProjectCauses(diff.causes)),
    [
      ...layoutBlocks(blocks, options),
      ...wrapped(omitted === 0 ? [] : [`… and ${digits(omitted)} more: \`npx stemma diff\` prints all`]),
    ],
    wrapped(isFirst && !isAnyCounted(diff) ? [] : describeSteps(diff, String), maxLineWidth),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(""))
    .join("\n");
}

/** More features would push the totals off the screen. */
const maxBriefFeatures = 50;

/** The most causes of one field. */
const maxBriefCauses = 4;
const maxCauses = 20;

/** Longer lines of prose are hard to read. */
const maxLineWidth = 80;

function widthOf({ columns }: TextStyle, maxWidth: number): number {
  return columns === undefined ? Number.POSITIVE_INFINITY : Math.min(columns, maxWidth);
}

function describeProjectCauses(causes: readonly Change[]): string[] {
  return causes.flatMap(({ severity, message, rule, at }) => [
    `${severity}: ${message} [${rule}]`,
    ...(at === undefined ? [] : [`  ${formatLocation(at)}`]),
  ]);
}

function isAnyCounted({ features }: VersionDiff): boolean {
  return features.some(({ rows, rowsUnavailable }) => rows !== undefined || rowsUnavailable !== undefined);
}

/** Changed features, then unchanged ones with a changed upstream or without counts. */
function reportedFeatures({ before, features }: VersionDiff): FeatureDiff[] {
  if (before === undefined) return [];
  const unchanged = features.filter(({ status }) => status === "unchanged");
  return [
    ...mostDirectFirst(features),
    ...unchanged.filter((feature) => hasReason(feature) || feature.rowsUnavailable !== undefined),
  ];
}
