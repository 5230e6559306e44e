import { pluralOf } from "../unit-name.ts";
import type { FeatureDiff, RowCounts, TableForecast, VersionDiff } from "../version-diff.ts";
import { count } from "./count.ts";
import { isBlocked } from "./describe-table.ts";
import { digits } from "./digits.ts";
import { listNames, type PrintName } from "./list-names.ts";

/** Says in a few words what is to be done with the units of work of a feature, without what is zero. */
export function describeWork(rows: RowCounts, print: PrintName): string {
  const { new: added, stale, orphaned } = rows;
  const words = [
    ...(added === 0 ? [] : [`${mostOf(rows)}${digits(added)} new`]),
    ...(stale === 0 ? [] : [`${mostOf(rows)}${digits(stale)} stale`]),
    ...(orphaned === 0 ? [] : [`${digits(orphaned)} orphaned`]),
    ...(rows.incomplete === true ? ["more may come"] : []),
  ];
  const isQuiet = words.length === 0;
  if (isQuiet && rows.assumes === undefined) return "";
  const work = isQuiet ? `${unitsOf(rows, rows.untouched)} up to date` : words.join(", ");
  return conditionOf(rows, print) + work;
}

/** Says on what the counts of a feature rest, with a colon behind; empty where they rest on nothing. */
export function conditionOf({ assumes = [] }: RowCounts, print: PrintName): string {
  if (assumes.length === 0) return "";
  const verb = assumes.length === 1 ? "makes" : "make";
  return `if ${listNames(assumes, print)} ${verb} the same rows: `;
}

/** Says how many features have something to do, over those that were counted. */
export function describeAllRows({ features }: VersionDiff, print: PrintName, most?: number): string[] {
  const counted = features.filter(({ rows }) => rows !== undefined);
  const uncounted = features.filter((feature) => feature.uncounted !== undefined).map(({ key }) => key);
  const working = counted.filter(isWorking).length;
  const open = counted.filter(hasWork).length - working;
  const lacking = uncounted.length === 0 ? [] : [`Not counted: ${listNames(uncounted, print, most)}.`];
  if (counted.length === 0) return lacking;
  const idle = counted.length - working - open;
  const parts = [
    ...(working === 0
      ? []
      : [`${count(working, "feature")} ${working === 1 ? "has" : "have"} something to do`]),
    ...(open === 0 ? [] : [`${working === 0 ? count(open, "feature") : open} may have`]),
    ...(idle === 0
      ? []
      : [`${working + open === 0 ? count(idle, "feature") : idle} ${idle === 1 ? "is" : "are"} up to date`]),
  ];
  return [`In the store: ${parts.join(", ")}.`, ...lacking];
}

/** Whether a store has rows of a feature that are to be run, or that nothing expects, or does not tell. */
export function hasWork({ rows, table, uncounted }: FeatureDiff): boolean {
  if (uncounted !== undefined) return true;
  if (rows === undefined) return false;
  return isWorking({ rows, table }) || rows.incomplete === true || rows.assumes !== undefined;
}

/** Whether there is something to do, however the rows above come out. */
function isWorking({
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
export function unitsOf(rows: RowCounts, number: number): string {
  return `${digits(number)} ${number === 1 ? unitOf(rows) : pluralOf(unitOf(rows))}`;
}

/** The name of a unit of work. It comes from the name of a column, which may hold anything: only words are shown. */
export function unitOf({ unit = "row" }: RowCounts): string {
  return /^[\p{L}\p{N} ]{1,40}$/u.test(unit) ? unit : "row";
}

/** Says that a number is a bound. */
export function mostOf({ upperBound }: RowCounts): string {
  return upperBound === true ? "at most " : "";
}
