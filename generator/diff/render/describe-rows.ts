import type { FeatureDiff, RowCounts, VersionDiff } from "../version-diff.ts";
import { digits } from "./digits.ts";
import { listNames, type PrintName } from "./list-names.ts";

/** Says in one line how many units of work of a feature are what. */
export function describeRows(rows: RowCounts): string {
  return [
    `${mostOf(rows)}${digits(rows.new)} new, ${digits(rows.stale)} stale`,
    `${digits(rows.orphaned)} orphaned`,
    `${digits(rows.untouched)} untouched${moreOf(rows)}`,
  ].join(", ");
}

/** The same without what is zero; empty where nothing is to be done. Untouched rows are no news. */
export function describeWork(rows: RowCounts): string {
  const { new: added, stale, orphaned } = rows;
  const words = Object.entries({ new: added, stale, orphaned })
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${digits(number)} ${name}`);
  return words.length === 0 ? "" : `${mostOf(rows)}${words.join(", ")}${moreOf(rows)}`;
}

/** Says how much work there is in all, over the features that were counted. */
export function describeAllRows({ features }: VersionDiff, print: PrintName): string[] {
  const counted = features.flatMap(({ rows }) => rows ?? []);
  const uncounted = features.filter((feature) => feature.uncounted !== undefined).map(({ key }) => key);
  if (counted.length + uncounted.length === 0) return [];
  const sum = (number: (rows: RowCounts) => number): number =>
    counted.reduce((total, rows) => total + number(rows), 0);
  const all: RowCounts = {
    new: sum((rows) => rows.new),
    stale: sum((rows) => rows.stale),
    orphaned: sum((rows) => rows.orphaned),
    untouched: sum((rows) => rows.untouched),
    ...(counted.some(({ upperBound }) => upperBound) ? { upperBound: true } : {}),
    ...(counted.some(({ incomplete }) => incomplete) ? { incomplete: true } : {}),
  };
  const lacking = uncounted.length === 0 ? [] : [`Not counted: ${listNames(uncounted, print)}.`];
  return [`In the store: ${describeRows(all)}.`, ...lacking];
}

/** Whether a store has rows of a feature that are to be run, or that nothing expects, or does not tell. */
export function hasWork({ rows, uncounted }: FeatureDiff): boolean {
  return uncounted !== undefined || (rows !== undefined && rows.new + rows.stale + rows.orphaned > 0);
}

function mostOf({ upperBound, new: added, stale }: RowCounts): string {
  return upperBound === true && added + stale > 0 ? "at most " : "";
}

/** What only a run above can tell. */
function moreOf({ incomplete }: RowCounts): string {
  return incomplete === true ? ", and what was never computed above" : "";
}
