import type { Change, FeatureDiff, FeatureStatus, VersionDiff } from "../../version-diff.ts";
import { describeBase } from "../describe-base.ts";
import { describeNextSteps } from "../describe-next-steps.ts";
import { describeTotals } from "../describe-totals.ts";
import { describeFeature } from "./describe-feature.ts";
import { layOut, type TerminalStyle, wrapText } from "./lay-out.ts";

/** How much of a diff is shown. */
export interface TerminalOptions extends TerminalStyle {
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
  const { brief = false } = options;
  const isFirst = diff.before === undefined;
  const features = mostDirectFirst(isFirst ? diff.features.filter(({ rows }) => rows) : diff.features);
  const shown = brief ? features.slice(0, briefFeatures) : features;
  const left = features.length - shown.length;
  const limits = { causes: brief ? briefCauses : shownCauses };
  const blocks = shown.map((feature) => describeFeature(feature, limits));
  const sections = [
    [...describeBase(diff), describeTotals(diff)],
    describeProjectCauses(diff.causes),
    [
      ...layOut(blocks, options),
      ...(left === 0 ? [] : [`… and ${left} more, which \`npx stemma diff\` lists`]),
    ],
    describeNextSteps(diff).flatMap((sentence) => wrapText(sentence, readableWidth(options))),
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
function readableWidth({ columns }: TerminalStyle): number {
  return columns === undefined ? Number.POSITIVE_INFINITY : Math.min(columns, 80);
}

function describeProjectCauses(causes: readonly Change[]): string[] {
  return causes.map(({ severity, message, rule }) => `${severity}: ${message} [${rule}]`);
}

/** Edited features before those that follow, near ones before far ones; then untouched ones that have a reason. */
function mostDirectFirst(features: readonly FeatureDiff[]): FeatureDiff[] {
  const ranked = features.flatMap((feature) =>
    feature.status === "unchanged" && !hasReason(feature)
      ? []
      : [{ feature, rank: order.indexOf(feature.status), steps: stepsToEdit(feature) }],
  );
  // The sort is stable: features of one rank stay in the order of their keys.
  return ranked.sort((a, b) => a.rank - b.rank || a.steps - b.steps).map(({ feature }) => feature);
}

const order: readonly FeatureStatus[] = [
  "direct",
  "indirect",
  "added",
  "removed",
  "definitionOnly",
  "unchanged",
];

/** Whether there is something to say of an untouched feature. */
function hasReason({ pruned, moduleNames, waits, rows }: FeatureDiff): boolean {
  const isToDo = rows !== undefined && rows.new + rows.stale + rows.orphaned > 0;
  return pruned.length > 0 || moduleNames.length > 0 || waits !== undefined || isToDo;
}

function stepsToEdit({ fields }: FeatureDiff): number {
  const lengths = fields.flatMap(({ causes }) => causes.map(({ path }) => path.length));
  return lengths.reduce((least, length) => Math.min(least, length), Number.MAX_SAFE_INTEGER);
}
