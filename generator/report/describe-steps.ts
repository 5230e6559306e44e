import type { BlockedBy, VersionDiff } from "../diff/index.ts";
import { describeRollback } from "./describe-rollback.ts";
import { describeMisfits, describeOrphans } from "./describe-stored-rows.ts";
import { describeBlocked, describeTableChanges } from "./describe-table.ts";
import { mostDirectFirst } from "./display-status.ts";
import { count, listNames, type PrintName } from "./names.ts";

/**
 * What to do after a change, in sentences and in this order: migrate, run, table changes of the first write, rows to write
 * again, rows to keep, rows to delete, reverts, the rollback. `maxNames`: the most names of a list; all if absent.
 */
export function describeSteps(
  diff: VersionDiff,
  print: PrintName,
  maxNames: number = Number.POSITIVE_INFINITY,
): string[] {
  return [
    ...diff.features.flatMap((feature) => describeBlocked(feature, print)),
    // Readers look for the run order first.
    ...describeRun(diff.runOrder, print, Math.max(maxNames, maxRunNames)),
    ...describeMayRun(diff, print, maxNames),
    ...diff.features.flatMap((feature) => describeTableChanges(feature, print)),
    ...diff.features.flatMap((feature) => describeMisfits(feature, print)),
    ...describeBlockedBy(diff, print, maxNames),
    ...diff.features.flatMap((feature) => describeOrphans(feature, diff, print, maxNames)),
    ...describeReverts(diff, print, maxNames),
    ...describeRollback(diff, print, maxNames),
  ];
}

/** The most features of the run order in a sentence. */
export const maxRunNames = 30;

function describeRun(run: readonly string[], print: PrintName, maxNames: number): string[] {
  if (run.length === 0) return [];
  if (run.length <= 5) return [`Run ${run.map(print).join(", then ")}.`];
  return [`Run ${count(run.length, "feature")}, upstream first: ${listNames(run, print, maxNames)}.`];
}

/** Features with the same assumption share a sentence. */
function describeMayRun({ mayRun, features }: VersionDiff, print: PrintName, maxNames: number): string[] {
  const byKey = new Map(features.map((feature) => [feature.key, feature]));
  const assumesOf = (key: string): readonly string[] => {
    const feature = byKey.get(key);
    return feature?.rows?.assumes ?? feature?.assumes ?? [];
  };
  const groups = groupBy(mayRun, (key) => assumesOf(key).join(" "));
  return [...groups.values()].map((keys) => {
    const names = listNames(keys, print, maxNames);
    const assumes = assumesOf(keys[0] ?? "");
    if (assumes.length === 0) return `After that, ${names} may have work.`;
    const makes = assumes.length === 1 ? "makes" : "make";
    const have = keys.length === 1 ? "has" : "have";
    return `If ${listNames(assumes, print, maxNames)} ${makes} other rows than before, ${names} ${have} work too.`;
  });
}

/** Features with the same blockers and the same appearance share a sentence. */
function describeBlockedBy(
  { runOrder, features }: VersionDiff,
  print: PrintName,
  maxNames: number,
): string[] {
  const blocked = features.flatMap(({ key, blockedBy }) =>
    blockedBy === undefined || blockedBy.features.length === 0 ? [] : [{ key, blockedBy }],
  );
  const groups = groupBy(blocked, ({ blockedBy }) => JSON.stringify(blockedBy));
  return [...groups.values()].map((group) => {
    const { features: blockers, appearsAs }: BlockedBy = group[0].blockedBy;
    const keys = group.map(({ key }) => key);
    const rows = keys.length === 1 ? "reports its rows" : "report their rows";
    const advice = appearsAs === "orphaned" ? "keep them" : "nothing is wrong with them";
    const condition = `Until ${describeBlockers(blockers, runOrder, print, maxNames)} run`;
    return `${condition}, ${listNames(keys, print, maxNames)} ${rows} as ${appearsAs}: ${advice}.`;
  });
}

function describeBlockers(
  blockers: readonly string[],
  run: readonly string[],
  print: PrintName,
  maxNames: number,
): string {
  if (blockers.length === 1) return `${listNames(blockers, print)} has`;
  const isEveryRun = blockers.length === run.length && blockers.every((key) => run.includes(key));
  if (!isEveryRun) return `${listNames(blockers, print, maxNames)} have`;
  return blockers.length === 2 ? "both have" : "all have";
}

function describeReverts({ features }: VersionDiff, print: PrintName, maxNames: number): string[] {
  const reverted = mostDirectFirst(features).flatMap(({ key, revertOf }) =>
    revertOf === undefined ? [] : [{ key, ref: revertOf.ref }],
  );
  return [...groupBy(reverted, ({ ref }) => ref)].map(([ref, group]) => {
    const names = listNames(
      group.map(({ key }) => key),
      print,
      maxNames,
    );
    const verb = group.length === 1 ? "returns" : "return";
    return `${names} ${verb} to the version of ${print(ref)}: rows stored then count again.`;
  });
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
