import { formatLocation } from "../../diagnostics/location.ts";
import type { Change, FeatureDiff, RowCounts, TableForecast, VersionDiff } from "../../diff/index.ts";
import { pluralOf } from "../../diff/model/work-item-name.ts";
import { hasReason } from "../describe-causes.ts";
import {
  describeAllRows,
  describeWork,
  formatCondition,
  formatWorkItems,
  hasWork,
  upperBoundPrefix,
  workItemNounOf,
} from "../describe-rows.ts";
import { describeSteps } from "../describe-steps.ts";
import { isBlocked } from "../describe-table.ts";
import { describeTotals } from "../describe-totals.ts";
import { mostDirectFirst } from "../display-status.ts";
import { displayWidth, printableText, wrapText } from "../display-text.ts";
import { digits } from "../names.ts";
import { describeFeature } from "./describe-feature.ts";
import { layoutBlocks, type TextStyle } from "./layout.ts";
import { alignColumns } from "./text-table.ts";

/** A counted feature. */
interface Counted {
  readonly key: string;
  readonly rows: RowCounts;
  readonly table?: TableForecast;
}

/**
 * The work of each feature in a store: a table without zeros, then the up-to-date features in a sentence. Features whose
 * counts depend on an assumption are listed below it. Prints lines where the table is too wide.
 */
function describeRowsTable(features: readonly FeatureDiff[], { columns }: TextStyle): string[] {
  const counted = features.flatMap((feature): (FeatureDiff & Counted)[] =>
    feature.rows === undefined ? [] : [{ ...feature, rows: feature.rows }],
  );
  if (counted.length === 0) return [];
  const withWork = counted.filter(hasWork);
  const upToDate = counted.filter((feature) => !hasWork(feature));
  const width = columns ?? Number.POSITIVE_INFINITY;
  const table = layoutTable(withWork);
  const isTooWide = table.some((line) => displayWidth(line) > width);
  const lines = isTooWide ? withWork.flatMap((feature) => listRow(feature, width)) : table;
  return [...lines, ...listUpToDate(upToDate, width)];
}

function listUpToDate(features: readonly Counted[], width: number): string[] {
  if (features.length === 0) return [];
  const names = features.map(({ key, rows }) => `${key} (${formatWorkItems(rows, rows.upToDate)})`);
  return [...wrapText(printableText(`Up to date: ${names.join(", ")}.`), width)];
}

function listRow({ key, rows, table }: Counted, width: number): string[] {
  const parts = [...(isBlocked({ table }) ? ["migrate first"] : []), describeWork(rows, String)];
  const work = parts.filter((part) => part !== "").join(": ");
  if (work === "") return [];
  return [...wrapText(printableText(`  ${key}: ${work} (${pluralOf(workItemNounOf(rows))})`), width)];
}

const heads = ["new", "stale", "orphaned", "up to date"];

function layoutTable(features: readonly Counted[]): string[] {
  if (features.length === 0) return [];
  // Counts without an assumption first.
  const groups = [...groupByCondition(features)].sort(([a], [b]) => a.length - b.length);
  const cells = groups.flatMap(([, members]) => members.map(cellsOf));
  const visible = [0, 1, 2, 3, 4, 5].filter(
    (column) => column === 0 || column > heads.length || cells.some((row) => row[column] !== ""),
  );
  const rows = [["", ...heads, ""], ...cells].map((row) => visible.map((column) => row[column] ?? ""));
  const sides = visible.map((column) => (column === 0 || column > heads.length ? "left" : "right"));
  const [head = "", ...lines] = alignColumns(rows, sides).map((line) => `  ${line}`);
  return [
    head,
    ...groups.flatMap(([condition, members]) => [
      ...(condition === "" ? [] : [printableText(`  ${condition.trimEnd()}`)]),
      ...lines.splice(0, members.length),
    ]),
  ];
}

function groupByCondition(features: readonly Counted[]): ReadonlyMap<string, readonly Counted[]> {
  const groups = new Map<string, Counted[]>();
  for (const feature of features) {
    const condition = formatCondition(feature.rows, String);
    groups.set(condition, [...(groups.get(condition) ?? []), feature]);
  }
  return groups;
}

/** The key, a number below each head, and the name of the work items; zeros are empty. */
function cellsOf({ key, rows, table }: Counted): string[] {
  const exact = (number: number): string => (number === 0 ? "" : digits(number));
  const bound = (number: number): string => (number === 0 ? "" : upperBoundPrefix(rows) + digits(number));
  return [
    printableText(key),
    bound(rows.new),
    bound(rows.stale),
    exact(rows.orphaned),
    exact(rows.upToDate),
    [
      pluralOf(workItemNounOf(rows)),
      ...(rows.incomplete === true ? ["more may follow"] : []),
      ...(isBlocked({ table }) ? ["migrate first"] : []),
    ].join(", "),
  ];
}

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
