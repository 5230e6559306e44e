import { joinWords } from "../diagnostics/quote-value.ts";
import type {
  BlockedBy,
  Cause,
  Change,
  FeatureDiff,
  Misfit,
  ProjectChange,
  VersionDiff,
} from "../diff/index.ts";
import { initialCodeVersion } from "../parse/parsed-spec.ts";
import { codeVersionText } from "./describe-causes.ts";
import { formatWorkItems } from "./describe-rows.ts";
import { describeBlocked, describeTableChanges } from "./describe-table.ts";
import { displayStatus, mostDirectFirst } from "./display-status.ts";
import { codeText, count, listNames, type PrintName } from "./names.ts";
import { shortVersion } from "./short-version.ts";

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

/**
 * How to roll a change back, only where that is short: where a few code versions alone moved all versions, or a setting of
 * the project did.
 */
function describeRollback(diff: VersionDiff, print: PrintName, maxNames: number): string[] {
  const [cause, ...others] = diff.causes;
  if (others.length > 0 || cause?.rule === "version-formula") return [];
  const moved = mostDirectFirst(diff.features).filter(hasMoved);
  const edits = moved.flatMap(editsOf);
  const isSimple = moved.every((feature) => movedByCodeOnly(feature, cause)) && edits.length <= 3;
  const steps = [
    ...(cause?.from === undefined ? [] : [`set hashLength to ${cause.from}`]),
    ...(isSimple ? edits.map((edit) => rollbackStep(edit, print)) : []),
  ];
  const rolledBack = isSimple
    ? moved
    : moved.filter(
        (feature) => feature.revertOf === undefined && displayStatus(feature, diff) === "projectWide",
      );
  const versions = rolledBack.flatMap(({ before }) => before?.featureVersion ?? []).map(shortVersion);
  if (steps.length === 0 || versions.length === 0) return [];
  const names = listNames(versions, print, maxNames);
  return [`To roll back, ${joinWords(steps, "and")}: rows stored under ${names} count again.`];
}

function rollbackStep({ path: [name = ""], from }: Cause, print: PrintName): string {
  return from === undefined || from === initialCodeVersion
    ? `remove the codeVersion of ${print(name)}`
    : `set the codeVersion of ${print(name)} to ${print(codeVersionText(from))}`;
}

function hasMoved({ before, after }: FeatureDiff): boolean {
  return before?.featureVersion !== after?.featureVersion;
}

/** Whether only code versions moved a feature, or a project-wide change did. */
function movedByCodeOnly(
  { status, revertOf, fields }: FeatureDiff,
  projectWide: ProjectChange | undefined,
): boolean {
  return (
    (status === "direct" || status === "indirect") &&
    revertOf === undefined &&
    fields.every(({ status: field, causes }) => {
      if (field === "unchanged") return true;
      const isCaused = causes.length > 0 || projectWide !== undefined;
      return isCaused && causes.every(({ rule }) => rule === "code-version");
    })
  );
}

function editsOf({ fields }: FeatureDiff): Cause[] {
  return fields.flatMap(({ causes }) => causes.filter(({ path }) => path.length === 1));
}

/** Which stored rows of a feature the spec refuses, and what to do. */
function describeMisfits({ key, rows, changes }: FeatureDiff, print: PrintName): string[] {
  return (rows?.misfits ?? []).map((misfit) => {
    const { rule, column } = misfit;
    const isOne = misfit.rows === 1;
    const subject = `${count(misfit.rows, "stored row")} of ${print(key)}`;
    if (rule !== "required") {
      const stay = isOne ? "it stays until it is" : "they stay until they are";
      return `${subject} ${isOne ? "breaks" : "break"} the ${rule} of ${print(column)}: ${stay} written again.`;
    }
    const refusal = `${codeText("read", print)} refuses ${isOne ? "it" : "them"}`;
    const remedy = describeRemedy(misfit, changes, print);
    return `${subject} ${isOne ? "has" : "have"} no ${print(column)}, and ${refusal}: ${remedy}`;
  });
}

function describeRemedy({ column, rows }: Misfit, changes: readonly Change[], print: PrintName): string {
  const them = rows === 1 ? "it" : "them";
  const search = codeText(`staleIf: ${JSON.stringify(isNull(column))}`, print);
  const again = `write ${them} again (${search} finds ${them})`;
  const renamed = changes.find(({ rule, subject }) => rule === "column-seems-renamed" && subject === column);
  if (renamed === undefined) return `${again}, or make the column nullable.`;
  const { from = "" } = renamed;
  const keyword = codeText(`"renamedFrom": ${JSON.stringify(from)}`, print);
  return `${keyword} in its spec keeps the values of ${print(from)}, or ${again}.`;
}

function isNull(column: string): string {
  const name = /^[a-z_]\w*$/i.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  return `${name} IS NULL`;
}

/** Which stored rows of a feature are no longer expected, and how to delete them: a run leaves them alone. */
function describeOrphans(
  feature: FeatureDiff,
  { features }: VersionDiff,
  print: PrintName,
  maxNames: number,
): string[] {
  const { key, rows, blockedBy, status } = feature;
  if (rows === undefined || rows.orphaned === 0) return [];
  const isOne = rows.orphaned === 1;
  const [they, them] = isOne ? ["it", "it"] : ["they", "them"];
  const items = formatWorkItems(rows, rows.orphaned);
  if (status === "removed") {
    const remedy = codeText(`stemma drop ${key}`, print);
    return [`${items} of ${print(key)} ${isOne ? "stays" : "stay"} stored: ${remedy} removes the table.`];
  }
  const isAll = !isOne && rows.new + rows.stale + rows.upToDate === 0;
  const subject = `${isAll ? "All " : ""}${items} of ${print(key)} ${isOne ? "is" : "are"} no longer expected`;
  if (blockedBy !== undefined) return [`${subject} until then.`];
  if (rows.incomplete === true) {
    return [`${subject} as far as is known. Keep ${them} until the upstream features have run.`];
  }
  const remedy = codeText(`stemma delete ${key} --orphaned`, print);
  const warning = isAll ? " Nothing is left then: check the edit first." : "";
  const stay = `${they} ${isOne ? "stays" : "stay"} stored${describeUses(feature, features, print, maxNames)}`;
  return [`${subject}: ${stay} until ${remedy} deletes ${them}.${warning}`];
}

/** Deleted rows are no longer inputs of downstream features. */
function describeUses(
  { key, rows }: FeatureDiff,
  features: readonly FeatureDiff[],
  print: PrintName,
  maxNames: number,
): string {
  const downstream = features
    .filter(({ after }) => after?.upstream.includes(key))
    .map((feature) => feature.key);
  if (downstream.length === 0) return "";
  const names = listNames(downstream, print, maxNames);
  const verb = downstream.length === 1 ? "uses" : "use";
  return `, and ${names} ${verb} ${rows?.orphaned === 1 ? "it" : "them"} as input,`;
}
