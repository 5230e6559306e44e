import type { FeatureDiff, VersionDiff, Waits } from "../version-diff.ts";
import { codeText } from "./code-text.ts";
import { describeMisfits } from "./describe-misfits.ts";
import { unitsOf } from "./describe-rows.ts";
import { describeBlocked, describeTableChanges } from "./describe-table.ts";
import { describeWayBack } from "./describe-way-back.ts";
import { listNames, type PrintName } from "./list-names.ts";
import { mostDirectFirst } from "./most-direct-first.ts";

/**
 * Says in sentences what to do after a change: what to migrate first, what to run, what the first write does to tables, what to write again, what waits for it, what to delete, what
 * counts again, how to go back. `most`: how many names a list has before it is cut; all if absent.
 */
export function describeSteps(
  diff: VersionDiff,
  print: PrintName,
  most: number = Number.POSITIVE_INFINITY,
): string[] {
  return [
    ...diff.features.flatMap((feature) => describeBlocked(feature, print)),
    // The order to run in is what a reader looks for first.
    ...describeRun(diff.run, print, Math.max(most, mostRuns)),
    ...describeMayRun(diff, print, most),
    ...diff.features.flatMap((feature) => describeTableChanges(feature, print)),
    ...diff.features.flatMap((feature) => describeMisfits(feature, print)),
    ...describeWaits(diff, print, most),
    ...diff.features.flatMap((feature) => describeOrphans(feature, diff, print, most)),
    ...describeReverts(diff, print, most),
    ...describeWayBack(diff, print, most),
  ];
}

/** Features to run that a sentence names, wherever it stands. */
export const mostRuns = 30;

function describeRun(run: readonly string[], print: PrintName, most: number): string[] {
  if (run.length === 0) return [];
  if (run.length > 5) return [`Run ${run.length} features, upstream first: ${listNames(run, print, most)}.`];
  return [`Run ${run.map(print).join(", then ")}.`];
}

/** Features whose work depends on the same runs share a sentence. */
function describeMayRun({ mayRun, features }: VersionDiff, print: PrintName, most: number): string[] {
  const groups = new Map<string, { readonly assumes: readonly string[]; readonly keys: string[] }>();
  const byKey = new Map(features.map((feature) => [feature.key, feature]));
  for (const key of mayRun) {
    const feature = byKey.get(key);
    const assumes = feature?.rows?.assumes ?? feature?.assumes ?? [];
    const id = assumes.join(" ");
    const group = groups.get(id) ?? { assumes, keys: [] };
    groups.set(id, group);
    group.keys.push(key);
  }
  return [...groups.values()].map(({ assumes, keys }) => {
    const names = listNames(keys, print, most);
    const have = keys.length === 1 ? "has" : "have";
    if (assumes.length === 0)
      return `${names} may ${have === "has" ? "have" : "have"} something to run after that.`;
    const makes = assumes.length === 1 ? "makes" : "make";
    return `If ${listNames(assumes, print, most)} ${makes} other rows than before, ${names} ${have} something to run too.`;
  });
}

/** Features that wait for the same and show as the same share a sentence. */
function describeWaits({ run, features }: VersionDiff, print: PrintName, most: number): string[] {
  const groups = new Map<string, { readonly waits: Waits; readonly keys: string[] }>();
  for (const { key, waits } of features) {
    if (waits === undefined || waits.for.length === 0) continue;
    const id = JSON.stringify(waits);
    const group = groups.get(id) ?? { waits, keys: [] };
    group.keys.push(key);
    groups.set(id, group);
  }
  return [...groups.values()].map(({ waits, keys }) => {
    const awaited = `Until ${awaitedNames(waits.for, run, print, most)} run`;
    const rows = keys.length === 1 ? "shows its rows" : "show their rows";
    const advice = waits.showAs === "orphaned" ? "keep them" : "nothing is wrong with them";
    return `${awaited}, ${listNames(keys, print, most)} ${rows} as ${waits.showAs}: ${advice}.`;
  });
}

function awaitedNames(
  awaited: readonly string[],
  run: readonly string[],
  print: PrintName,
  most: number,
): string {
  if (awaited.length === 1) return `${listNames(awaited, print)} has`;
  const areAll = awaited.length === run.length && awaited.every((key) => run.includes(key));
  if (!areAll) return `${listNames(awaited, print, most)} have`;
  return awaited.length === 2 ? "both have" : "all have";
}

/** Running does nothing with rows that are no longer expected: they stay inputs of what is below until they go. */
function describeOrphans(
  { key, rows, waits, status }: FeatureDiff,
  { features }: VersionDiff,
  print: PrintName,
  most: number,
): string[] {
  if (rows === undefined || rows.orphaned === 0) return [];
  const { orphaned } = rows;
  const units = unitsOf(rows, orphaned);
  const are = orphaned === 1 ? "is" : "are";
  const they = orphaned === 1 ? "it is" : "they are";
  if (status === "removed")
    return [
      `${units} of ${print(key)} ${orphaned === 1 ? "stays" : "stay"} stored: ${codeText(`stemma drop ${key}`, print)} removes the table.`,
    ];
  const isAll = rows.new + rows.stale + rows.untouched === 0;
  const all = isAll && orphaned > 1 ? `All ${units}` : units;
  const subject = `${all} of ${print(key)} ${are} no longer expected`;
  if (waits !== undefined) return [`${subject} until then.`];
  if (rows.incomplete === true)
    return [
      `${subject} as far as is known: what runs above may expect ${orphaned === 1 ? "it" : "them"} again. Keep ${orphaned === 1 ? "it" : "them"} until then.`,
    ];
  const below = features.filter(({ after }) => after?.upstream.includes(key)).map((feature) => feature.key);
  const keep =
    below.length === 0
      ? "stored"
      : `stored, and ${listNames(below, print, most)} ${below.length === 1 ? "keeps" : "keep"} what was made of ${orphaned === 1 ? "it" : "them"}`;
  const alarm = isAll && orphaned > 1 ? "Nothing of it is left then: check the edit first. " : "";
  return [
    `${subject}: ${orphaned === 1 ? "it stays" : "they stay"} ${keep}, until ${they} deleted. ${alarm}${codeText(`stemma delete ${key} --orphaned`, print)} does it.`,
  ];
}

function describeReverts(diff: VersionDiff, print: PrintName, most: number): string[] {
  const keys = new Map<string, string[]>();
  for (const { key, revertOf } of mostDirectFirst(diff.features)) {
    if (revertOf !== undefined) keys.set(revertOf.ref, [...(keys.get(revertOf.ref) ?? []), key]);
  }
  return [...keys].map(([ref, back]) => {
    const verb = back.length === 1 ? "is" : "are";
    return `${listNames(back, print, most)} ${verb} back at ${print(ref)}: rows that were stored then count again.`;
  });
}
