import type { FeatureDiff, RowCounts, TableForecast, VersionDiff } from "../diff/model/version-diff.ts";
import { pluralOf } from "../diff/model/work-item-name.ts";
import { count } from "./count.ts";
import { isBlocked } from "./describe-table.ts";
import { digits } from "./digits.ts";
import { listNames, type PrintName } from "./list-names.ts";

/** Says in a few words what is to be done with the units of work of a feature, without what is zero. */
export function describeWork(rows: RowCounts, print: PrintName): string {
  const { new: added, stale, orphaned } = rows;
  const words = [
    ...(added === 0 ? [] : [`${upperBoundPrefix(rows)}${digits(added)} new`]),
    ...(stale === 0 ? [] : [`${upperBoundPrefix(rows)}${digits(stale)} stale`]),
    ...(orphaned === 0 ? [] : [`${digits(orphaned)} orphaned`]),
    ...(rows.incomplete === true ? ["more may come"] : []),
  ];
  const hasNoWork = words.length === 0;
  if (hasNoWork && rows.assumes === undefined) return "";
  const work = hasNoWork ? `${formatWorkItems(rows, rows.upToDate)} up to date` : words.join(", ");
  return formatCondition(rows, print) + work;
}

/** Says on what the counts of a feature rest, with a colon behind; empty where they rest on nothing. */
export function formatCondition({ assumes = [] }: RowCounts, print: PrintName): string {
  if (assumes.length === 0) return "";
  const verb = assumes.length === 1 ? "makes" : "make";
  return `if ${listNames(assumes, print)} ${verb} the same rows: `;
}

/** Says how many features have something to do, over those that were counted. */
export function describeAllRows({ features }: VersionDiff, print: PrintName, maxNames?: number): string[] {
  const counted = features.filter(({ rows }) => rows !== undefined);
  const rowsUnavailable = features
    .filter((feature) => feature.rowsUnavailable !== undefined)
    .map(({ key }) => key);
  const withWork = counted.filter(hasCertainWork).length;
  const undecided = counted.filter(hasWork).length - withWork;
  const unavailableLines =
    rowsUnavailable.length === 0 ? [] : [`Not counted: ${listNames(rowsUnavailable, print, maxNames)}.`];
  if (counted.length === 0) return unavailableLines;
  const upToDate = counted.length - withWork - undecided;
  const parts = [
    ...(withWork === 0
      ? []
      : [`${count(withWork, "feature")} ${withWork === 1 ? "has" : "have"} something to do`]),
    ...(undecided === 0 ? [] : [`${withWork === 0 ? count(undecided, "feature") : undecided} may have`]),
    ...(upToDate === 0
      ? []
      : [
          `${withWork + undecided === 0 ? count(upToDate, "feature") : upToDate} ${upToDate === 1 ? "is" : "are"} up to date`,
        ]),
  ];
  return [`In the store: ${parts.join(", ")}.`, ...unavailableLines];
}

/** Whether a store has rows of a feature that are to be run, or that nothing expects, or does not tell. */
export function hasWork({ rows, table, rowsUnavailable }: FeatureDiff): boolean {
  if (rowsUnavailable !== undefined) return true;
  if (rows === undefined) return false;
  return hasCertainWork({ rows, table }) || rows.incomplete === true || rows.assumes !== undefined;
}

/** Whether there is something to do, however the rows above come out. */
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

/** A number of units of work by their name: `2,700 videos`. */
export function formatWorkItems(rows: RowCounts, number: number): string {
  return `${digits(number)} ${number === 1 ? workItemNounOf(rows) : pluralOf(workItemNounOf(rows))}`;
}

/** The name of a unit of work. It comes from the name of a column, which may hold anything: only words are shown. */
export function workItemNounOf({ workItem = "row" }: RowCounts): string {
  return /^[\p{L}\p{N} ]{1,40}$/u.test(workItem) ? workItem : "row";
}

/** Says that a number is a bound. */
export function upperBoundPrefix({ upperBound }: RowCounts): string {
  return upperBound === true ? "at most " : "";
}
