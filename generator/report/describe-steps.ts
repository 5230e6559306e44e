import type { BlockedBy, Change, FeatureDiff, Misfit, VersionDiff } from "../diff/model/version-diff.ts";
import { codeText } from "./code-text.ts";
import { describeRollback } from "./describe-rollback.ts";
import { formatWorkItems } from "./describe-rows.ts";
import { describeBlocked, describeTableChanges } from "./describe-table.ts";
import { digits } from "./digits.ts";
import { listNames, type PrintName } from "./list-names.ts";
import { mostDirectFirst } from "./most-direct-first.ts";

/**
 * Says in sentences what to do after a change: what to migrate first, what to run, what the first write does to tables, what to write again, what waits for it, what to delete, what
 * counts again, how to go back. `most`: how many names a list has before it is cut; all if absent.
 */
export function describeSteps(
  diff: VersionDiff,
  print: PrintName,
  maxNames: number = Number.POSITIVE_INFINITY,
): string[] {
  return [
    ...diff.features.flatMap((feature) => describeBlocked(feature, print)),
    // The order to run in is what a reader looks for first.
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

/** Features to run that a sentence names, wherever it stands. */
export const maxRunNames = 30;

function describeRun(runOrder: readonly string[], print: PrintName, maxNames: number): string[] {
  if (runOrder.length === 0) return [];
  if (runOrder.length > 5)
    return [`Run ${runOrder.length} features, upstream first: ${listNames(runOrder, print, maxNames)}.`];
  return [`Run ${runOrder.map(print).join(", then ")}.`];
}

/** Features whose work depends on the same runs share a sentence. */
function describeMayRun({ mayRun, features }: VersionDiff, print: PrintName, maxNames: number): string[] {
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
    const names = listNames(keys, print, maxNames);
    const have = keys.length === 1 ? "has" : "have";
    if (assumes.length === 0)
      return `${names} may ${have === "has" ? "have" : "have"} something to run after that.`;
    const makes = assumes.length === 1 ? "makes" : "make";
    return `If ${listNames(assumes, print, maxNames)} ${makes} other rows than before, ${names} ${have} something to run too.`;
  });
}

/** Features that wait for the same and show as the same share a sentence. */
function describeBlockedBy(
  { runOrder, features }: VersionDiff,
  print: PrintName,
  maxNames: number,
): string[] {
  const groups = new Map<string, { readonly blockedBy: BlockedBy; readonly keys: string[] }>();
  for (const { key, blockedBy } of features) {
    if (blockedBy === undefined || blockedBy.features.length === 0) continue;
    const id = JSON.stringify(blockedBy);
    const group = groups.get(id) ?? { blockedBy, keys: [] };
    group.keys.push(key);
    groups.set(id, group);
  }
  return [...groups.values()].map(({ blockedBy, keys }) => {
    const blockers = `Until ${blockerNames(blockedBy.features, runOrder, print, maxNames)} run`;
    const rows = keys.length === 1 ? "shows its rows" : "show their rows";
    const advice = blockedBy.appearsAs === "orphaned" ? "keep them" : "nothing is wrong with them";
    return `${blockers}, ${listNames(keys, print, maxNames)} ${rows} as ${blockedBy.appearsAs}: ${advice}.`;
  });
}

function blockerNames(
  blockers: readonly string[],
  runOrder: readonly string[],
  print: PrintName,
  maxNames: number,
): string {
  if (blockers.length === 1) return `${listNames(blockers, print)} has`;
  const isEveryRun = blockers.length === runOrder.length && blockers.every((key) => runOrder.includes(key));
  if (!isEveryRun) return `${listNames(blockers, print, maxNames)} have`;
  return blockers.length === 2 ? "both have" : "all have";
}

/** Running does nothing with rows that are no longer expected: they stay inputs of what is below until they go. */
function describeOrphans(
  { key, rows, blockedBy, status }: FeatureDiff,
  { features }: VersionDiff,
  print: PrintName,
  maxNames: number,
): string[] {
  if (rows === undefined || rows.orphaned === 0) return [];
  const { orphaned } = rows;
  const units = formatWorkItems(rows, orphaned);
  const are = orphaned === 1 ? "is" : "are";
  const they = orphaned === 1 ? "it is" : "they are";
  if (status === "removed")
    return [
      `${units} of ${print(key)} ${orphaned === 1 ? "stays" : "stay"} stored: ${codeText(`stemma drop ${key}`, print)} removes the table.`,
    ];
  const isAll = rows.new + rows.stale + rows.upToDate === 0;
  const all = isAll && orphaned > 1 ? `All ${units}` : units;
  const subject = `${all} of ${print(key)} ${are} no longer expected`;
  if (blockedBy !== undefined) return [`${subject} until then.`];
  if (rows.incomplete === true)
    return [
      `${subject} as far as is known: what runs above may expect ${orphaned === 1 ? "it" : "them"} again. Keep ${orphaned === 1 ? "it" : "them"} until then.`,
    ];
  const downstream = features
    .filter(({ after }) => after?.upstream.includes(key))
    .map((feature) => feature.key);
  const keep =
    downstream.length === 0
      ? "stored"
      : `stored, and ${listNames(downstream, print, maxNames)} ${downstream.length === 1 ? "keeps" : "keep"} what was made of ${orphaned === 1 ? "it" : "them"}`;
  const warning = isAll && orphaned > 1 ? "Nothing of it is left then: check the edit first. " : "";
  return [
    `${subject}: ${orphaned === 1 ? "it stays" : "they stay"} ${keep}, until ${they} deleted. ${warning}${codeText(`stemma delete ${key} --orphaned`, print)} does it.`,
  ];
}

function describeReverts(diff: VersionDiff, print: PrintName, maxNames: number): string[] {
  const keys = new Map<string, string[]>();
  for (const { key, revertOf } of mostDirectFirst(diff.features)) {
    if (revertOf !== undefined) keys.set(revertOf.ref, [...(keys.get(revertOf.ref) ?? []), key]);
  }
  return [...keys].map(([ref, back]) => {
    const verb = back.length === 1 ? "is" : "are";
    return `${listNames(back, print, maxNames)} ${verb} back at ${print(ref)}: rows that were stored then count again.`;
  });
}

/** Says in sentences which stored rows of a feature are not as its spec says, and what to do. */
function describeMisfits({ key, rows, changes }: FeatureDiff, print: PrintName): string[] {
  return (rows?.misfits ?? []).map((misfit) => {
    const { rule, column } = misfit;
    const isOne = misfit.rows === 1;
    const subject = `${digits(misfit.rows)} stored ${isOne ? "row" : "rows"} of ${print(key)}`;
    if (rule !== "required") {
      const stay = isOne ? "it stays as it is until it is" : "they stay as they are until they are";
      return `${subject} ${isOne ? "breaks" : "break"} the ${rule} of ${print(column)}: ${stay} written again.`;
    }
    const refusal = `${codeText("read", print)} refuses ${isOne ? "it" : "them"}`;
    return `${subject} ${isOne ? "has" : "have"} no ${print(column)}, and ${refusal}: ${remedyFor(misfit, changes, print)}`;
  });
}

function remedyFor({ column, rows }: Misfit, changes: readonly Change[], print: PrintName): string {
  const them = rows === 1 ? "it" : "them";
  const again = `write ${them} again (${codeText(`staleIf: ${JSON.stringify(isNull(column))}`, print)} finds ${them})`;
  const renamed = changes.find(({ rule, subject }) => rule === "column-seems-renamed" && subject === column);
  if (renamed === undefined) return `${again}, or let the column be null.`;
  const { from = "" } = renamed;
  const keyword = codeText(`"renamedFrom": ${JSON.stringify(from)}`, print);
  return `${keyword} in its spec carries the values of ${print(from)} over, or ${again}.`;
}

function isNull(column: string): string {
  const name = /^[a-z_]\w*$/i.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  return `${name} IS NULL`;
}
