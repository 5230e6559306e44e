import { displayWidth, showableSentence } from "../../diagnostics/display-text.ts";
import { wrapText } from "../../diagnostics/wrap-text.ts";
import type { FeatureDiff, RowCounts, TableForecast } from "../../diff/model/version-diff.ts";
import { pluralOf } from "../../diff/model/work-item-name.ts";
import {
  describeWork,
  formatCondition,
  formatWorkItems,
  hasWork,
  upperBoundPrefix,
  workItemNounOf,
} from "../describe-rows.ts";
import { isBlocked } from "../describe-table.ts";
import { digits } from "../digits.ts";
import type { TerminalStyle } from "./layout.ts";

/** A feature that was counted. */
interface Counted {
  readonly key: string;
  readonly rows: RowCounts;
  readonly table?: TableForecast;
}

/**
 * Lays out what a store has to do of each feature: a table without zeros, then those that are up to date in a sentence.
 * What rests on rows that are made again stands below the condition. Lines where the table is too wide.
 */
export function describeRowsTable(features: readonly FeatureDiff[], { columns }: TerminalStyle): string[] {
  const counted = features.flatMap((feature): (FeatureDiff & Counted)[] =>
    feature.rows === undefined ? [] : [{ ...feature, rows: feature.rows }],
  );
  if (counted.length === 0) return [];
  const withWork = counted.filter(hasWork);
  const upToDateFeatures = counted.filter((feature) => !hasWork(feature));
  const width = columns ?? Number.POSITIVE_INFINITY;
  const table = layoutTable(withWork);
  const isWide = table.some((line) => displayWidth(line) > width);
  const lines = isWide ? withWork.flatMap((feature) => listRow(feature, width)) : table;
  return [...lines, ...upToDate(upToDateFeatures, width)];
}

function upToDate(upToDateFeatures: readonly Counted[], width: number): string[] {
  if (upToDateFeatures.length === 0) return [];
  const names = upToDateFeatures.map(({ key, rows }) => `${key} (${formatWorkItems(rows, rows.upToDate)})`);
  return [...wrapText(showableSentence(`Up to date: ${names.join(", ")}.`), width)];
}

function listRow({ key, rows, table }: Counted, width: number): string[] {
  const words = describeWork(rows, String);
  const work = isBlocked({ table }) ? ["migrate first", words].filter(Boolean).join(": ") : words;
  return work === ""
    ? []
    : [...wrapText(showableSentence(`  ${key}: ${work} (${pluralOf(workItemNounOf(rows))})`), width)];
}

const heads = ["new", "stale", "orphaned", "up to date"] as const;

function layoutTable(features: readonly Counted[]): string[] {
  const groups = groupByCondition(features);
  const rows = [...groups].sort(([a], [b]) => a.length - b.length);
  const cells = rows.flatMap(([, members]) => members.map(cellsOf));
  const visible = heads.flatMap((_, index) =>
    cells.some((row) => row[index + 1] !== "") ? [index + 1] : [],
  );
  if (cells.length === 0) return [];
  const head = ["", ...heads, ""];
  const visibleColumns = [0, ...visible, heads.length + 1];
  const widths = visibleColumns.map((index) =>
    Math.max(...[head, ...cells].map((row) => displayWidth(row[index] ?? ""))),
  );
  const line = (row: readonly string[], indent: string): string =>
    (
      indent +
      visibleColumns
        .map((index, cellIndex) => {
          const text = row[index] ?? "";
          const blanks = " ".repeat((widths[cellIndex] ?? 0) - displayWidth(text));
          return cellIndex === 0 || index > heads.length ? text + blanks : blanks + text;
        })
        .join("  ")
    ).trimEnd();
  return [
    line(head, "  "),
    ...rows.flatMap(([condition, members]) => [
      ...(condition === "" ? [] : [showableSentence(`  ${condition.trimEnd()}`)]),
      ...members.map((member) => line(cellsOf(member), "  ")),
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

/** The key, a number under each head, and of what; zeros are left out. */
function cellsOf({ key, rows, table }: Counted): string[] {
  const bound = (number: number): string => (number === 0 ? "" : upperBoundPrefix(rows) + digits(number));
  const plain = (number: number): string => (number === 0 ? "" : digits(number));
  return [
    showableSentence(key),
    bound(rows.new),
    bound(rows.stale),
    plain(rows.orphaned),
    plain(rows.upToDate),
    [
      pluralOf(workItemNounOf(rows)),
      ...(rows.incomplete === true ? ["and more may come"] : []),
      ...(isBlocked({ table }) ? ["migrate first"] : []),
    ].join(", "),
  ];
}
