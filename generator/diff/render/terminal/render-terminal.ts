import { showableSentence } from "../../../diagnostics/display-text.ts";
import { wrapText } from "../../../diagnostics/wrap-text.ts";
import type { Change, FeatureDiff, VersionDiff } from "../../version-diff.ts";
import { describeAllRows } from "../describe-rows.ts";
import { describeSteps } from "../describe-steps.ts";
import { describeTotals } from "../describe-totals.ts";
import { hasReason } from "../describe-untouched.ts";
import { mostDirectFirst } from "../most-direct-first.ts";
import { describeFeature } from "./describe-feature.ts";
import { layOut, type TerminalStyle } from "./lay-out.ts";
import { describeRowsTable } from "./rows-table.ts";

/** How a diff is shown. */
export interface TerminalOptions extends TerminalStyle {
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
export function renderTerminal(diff: VersionDiff, options: TerminalOptions): string {
  const { base, brief = false } = options;
  const isFirst = diff.before === undefined;
  const features = tellingFeatures(diff);
  const shown = brief ? features.slice(0, briefFeatures) : features;
  const left = features.length - shown.length;
  const limits = { causes: brief ? briefCauses : shownCauses };
  const blocks = shown.map((feature) => describeFeature(feature, diff, limits));
  const wrapped = (lines: readonly string[], most = Number.POSITIVE_INFINITY): string[] =>
    lines.flatMap((line) => wrapText(showableSentence(line), widthOf(options, most)));
  const sections = [
    wrapped([...(base === undefined ? [] : [base]), describeTotals(diff), ...describeAllRows(diff, String)]),
    describeRowsTable(diff.features, options),
    wrapped(describeProjectCauses(diff.causes)),
    [
      ...layOut(blocks, options),
      ...wrapped(left === 0 ? [] : [`… and ${left} more, which \`npx stemma diff\` lists`]),
    ],
    wrapped(isFirst && !isCountedAtAll(diff) ? [] : describeSteps(diff, String), readable),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(""))
    .join("\n");
}

/** More features would push the totals off the screen. */
const briefFeatures = 50;

/** Causes shown of one field. */
const briefCauses = 4;
const shownCauses = 20;

/** Sentences are read in lines of this length, and the terminal may be narrower. */
const readable = 80;

function widthOf({ columns }: TerminalStyle, most: number): number {
  return columns === undefined ? Number.POSITIVE_INFINITY : Math.min(columns, most);
}

function describeProjectCauses(causes: readonly Change[]): string[] {
  return causes.flatMap(({ severity, message, rule, at }) => [
    `${severity}: ${message} [${rule}]`,
    ...(at === undefined ? [] : [`  ${at.file}:${at.line}:${at.column}`]),
  ]);
}

function isCountedAtAll({ features }: VersionDiff): boolean {
  return features.some(({ rows, uncounted }) => rows !== undefined || uncounted !== undefined);
}

/** What changed, then what did not though something moved right above it, or its rows can't be counted. */
function tellingFeatures({ before, features }: VersionDiff): FeatureDiff[] {
  if (before === undefined) return [];
  const untouched = features.filter(({ status }) => status === "unchanged");
  return [
    ...mostDirectFirst(features),
    ...untouched.filter((kept) => hasReason(kept) || kept.uncounted !== undefined),
  ];
}
