import { showableSentence } from "../../diagnostics/display-text.ts";
import { wrapText } from "../../diagnostics/wrap-text.ts";
import type { Change, FeatureDiff, VersionDiff } from "../../diff/model/version-diff.ts";
import { describeAllRows } from "../describe-rows.ts";
import { describeSteps } from "../describe-steps.ts";
import { describeTotals } from "../describe-totals.ts";
import { hasReason } from "../describe-unchanged.ts";
import { mostDirectFirst } from "../most-direct-first.ts";
import { describeFeature } from "./describe-feature.ts";
import { layoutBlocks, type TerminalStyle } from "./layout.ts";
import { describeRowsTable } from "./rows-table.ts";

/** How a diff is shown. */
export interface TextOptions extends TerminalStyle {
  /** What is compared with, in words: `against main (merge base 3f2c1ab)`. */
  readonly base?: string;
  /** Leave out what would push the totals off the screen: far features and further causes of a field. */
  readonly brief?: boolean;
}

/**
 * Renders a diff for a terminal: what it is compared with, the totals, each feature that moved with all causes down to
 * the edited line, and what to do.
 *
 * Untouched features are counted, and named where something moved right above them. Where the text does not go to a
 * terminal, every entry keeps its line, however long.
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
    lines.flatMap((line) => wrapText(showableSentence(line), widthOf(options, maxWidth)));
  const sections = [
    wrapped([...(base === undefined ? [] : [base]), describeTotals(diff), ...describeAllRows(diff, String)]),
    describeRowsTable(diff.features, options),
    wrapped(describeProjectCauses(diff.causes)),
    [
      ...layoutBlocks(blocks, options),
      ...wrapped(omitted === 0 ? [] : [`… and ${omitted} more, which \`npx stemma diff\` lists`]),
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

/** Causes shown of one field. */
const maxBriefCauses = 4;
const maxCauses = 20;

/** Sentences are read in lines of this length, and the terminal may be narrower. */
const maxLineWidth = 80;

function widthOf({ columns }: TerminalStyle, maxWidth: number): number {
  return columns === undefined ? Number.POSITIVE_INFINITY : Math.min(columns, maxWidth);
}

function describeProjectCauses(causes: readonly Change[]): string[] {
  return causes.flatMap(({ severity, message, rule, at }) => [
    `${severity}: ${message} [${rule}]`,
    ...(at === undefined ? [] : [`  ${at.file}:${at.line}:${at.column}`]),
  ]);
}

function isAnyCounted({ features }: VersionDiff): boolean {
  return features.some(({ rows, rowsUnavailable }) => rows !== undefined || rowsUnavailable !== undefined);
}

/** What changed, then what did not though something moved right above it, or its rows can't be counted. */
function reportedFeatures({ before, features }: VersionDiff): FeatureDiff[] {
  if (before === undefined) return [];
  const unchanged = features.filter(({ status }) => status === "unchanged");
  return [
    ...mostDirectFirst(features),
    ...unchanged.filter((kept) => hasReason(kept) || kept.rowsUnavailable !== undefined),
  ];
}
