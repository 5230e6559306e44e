import type { FeatureDiff, RowCounts, TableForecast, VersionDiff } from "../diff/index.ts";
import { pluralOf } from "../diff/model/work-item-name.ts";
import { isBlocked } from "./describe-table.ts";
import { count, digits, listNames, type PrintName } from "./names.ts";

/** The work of a feature in a few words, without zeros; empty where it is up to date. */
export function describeWork(rows: RowCounts, print: PrintName): string {
  const { new: added, stale, orphaned } = rows;
  const parts = [
    ...(added === 0 ? [] : [`${upperBoundPrefix(rows)}${digits(added)} new`]),
    ...(stale === 0 ? [] : [`${upperBoundPrefix(rows)}${digits(stale)} stale`]),
    ...(orphaned === 0 ? [] : [`${digits(orphaned)} orphaned`]),
    ...(rows.incomplete === true ? ["more may follow"] : []),
  ];
  const hasNoWork = parts.length === 0;
  if (hasNoWork && rows.assumes === undefined) return "";
  const work = hasNoWork ? `${formatWorkItems(rows, rows.upToDate)} up to date` : parts.join(", ");
  return formatCondition(rows, print) + work;
}

/** The assumption of the counts of a feature, followed by a colon; empty without one. */
export function formatCondition({ assumes = [] }: RowCounts, print: PrintName): string {
  if (assumes.length === 0) return "";
  const verb = assumes.length === 1 ? "makes" : "make";
  return `if ${listNames(assumes, print)} ${verb} the same rows: `;
}

/** How many of the counted features have work, and which could not be counted. */
export function describeAllRows({ features }: VersionDiff, print: PrintName, maxNames?: number): string[] {
  const counted = features.filter(({ rows }) => rows !== undefined);
  const unavailable = features
    .filter(({ rowsUnavailable }) => rowsUnavailable !== undefined)
    .map(({ key }) => key);
  const notCounted =
    unavailable.length === 0 ? [] : [`Not counted: ${listNames(unavailable, print, maxNames)}.`];
  if (counted.length === 0) return notCounted;
  const withWork = counted.filter(hasCertainWork).length;
  const undecided = counted.filter(hasWork).length - withWork;
  const upToDate = counted.length - withWork - undecided;
  // The first part names what is counted.
  const parts = [
    { number: withWork, one: "has work", many: "have work" },
    { number: undecided, one: "may have work", many: "may have work" },
    { number: upToDate, one: "is up to date", many: "are up to date" },
  ]
    .filter(({ number }) => number > 0)
    .map(({ number, one, many }, index) => {
      const subject = index === 0 ? count(number, "feature") : digits(number);
      return `${subject} ${number === 1 ? one : many}`;
    });
  return [`In the store: ${parts.join(", ")}.`, ...notCounted];
}

/** Whether a feature has or may have work in a store, or could not be counted. */
export function hasWork({ rows, table, rowsUnavailable }: FeatureDiff): boolean {
  if (rowsUnavailable !== undefined) return true;
  if (rows === undefined) return false;
  return hasCertainWork({ rows, table }) || rows.incomplete === true || rows.assumes !== undefined;
}

/** Whether a feature has work, whatever rows its upstream features make. */
function hasCertainWork({
  rows,
  table,
}: {
  readonly rows?: RowCounts | undefined;
  readonly table?: TableForecast | undefined;
}): boolean {
  if (rows === undefined) return false;
  if (isBlocked({ table })) return true;
  return rows.misfits !== undefined || rows.new + rows.stale + rows.orphaned > 0;
}

/** A number of work items by their name: `2,700 videos`. */
export function formatWorkItems(rows: RowCounts, number: number): string {
  const noun = workItemNounOf(rows);
  return `${digits(number)} ${number === 1 ? noun : pluralOf(noun)}`;
}

/** The name of a work item. It comes from the name of a column, which may contain anything: only words are printed. */
export function workItemNounOf({ workItem = "row" }: RowCounts): string {
  return /^[\p{L}\p{N} ]{1,40}$/u.test(workItem) ? workItem : "row";
}

/** Marks a number as an upper bound. */
export function upperBoundPrefix({ upperBound }: RowCounts): string {
  return upperBound === true ? "at most " : "";
}
