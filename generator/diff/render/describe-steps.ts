import { initialCodeVersion } from "../../parse/parsed-spec.ts";
import type { Cause, FeatureDiff, VersionDiff, Waits } from "../version-diff.ts";
import { codeVersionText } from "./describe-cause.ts";
import { listNames, type PrintName } from "./list-names.ts";
import { mostDirectFirst } from "./most-direct-first.ts";
import { shortVersion } from "./short-version.ts";

/** Says in sentences what to do after a change: what to run, what waits for it, what counts again, how to go back. */
export function describeSteps(diff: VersionDiff, print: PrintName): string[] {
  return [
    ...describeRun(diff.run, print),
    ...describeWaits(diff, print),
    ...describeReverts(diff, print),
    ...describeWayBack(diff, print),
  ];
}

function describeRun(run: readonly string[], print: PrintName): string[] {
  if (run.length === 0) return [];
  if (run.length > 5) return [`Run ${run.length} features, upstream first: ${listNames(run, print)}.`];
  return [`Run ${run.map(print).join(", then ")}.`];
}

/** Features that wait for the same and show as the same share a sentence. */
function describeWaits({ run, features }: VersionDiff, print: PrintName): string[] {
  const groups = new Map<string, { readonly waits: Waits; readonly keys: string[] }>();
  for (const { key, waits } of features) {
    if (waits === undefined || waits.for.length === 0) continue;
    const id = JSON.stringify(waits);
    const group = groups.get(id) ?? { waits, keys: [] };
    group.keys.push(key);
    groups.set(id, group);
  }
  return [...groups.values()].map(({ waits, keys }) => {
    const awaited = `Until ${awaitedNames(waits.for, run, print)} run`;
    const rows = keys.length === 1 ? "shows its rows" : "show their rows";
    const advice = waits.showAs === "orphaned" ? "keep them" : "nothing is wrong with them";
    return `${awaited}, ${listNames(keys, print)} ${rows} as ${waits.showAs}: ${advice}.`;
  });
}

function awaitedNames(awaited: readonly string[], run: readonly string[], print: PrintName): string {
  if (awaited.length === 1) return `${listNames(awaited, print)} has`;
  const areAll = awaited.length === run.length && awaited.every((key) => run.includes(key));
  if (!areAll) return `${listNames(awaited, print)} have`;
  return awaited.length === 2 ? "both have" : "all have";
}

function describeReverts(diff: VersionDiff, print: PrintName): string[] {
  const keys = new Map<string, string[]>();
  for (const { key, revertOf } of mostDirectFirst(diff.features)) {
    if (revertOf !== undefined) keys.set(revertOf.ref, [...(keys.get(revertOf.ref) ?? []), key]);
  }
  return [...keys].map(([ref, back]) => {
    const verb = back.length === 1 ? "is" : "are";
    return `${listNames(back, print)} ${verb} back at ${print(ref)}: rows that were stored then count again.`;
  });
}

/** Only where nothing but code versions moved what moved, and few of them: then the way back is as short as its words. */
function describeWayBack(diff: VersionDiff, print: PrintName): string[] {
  const moved = mostDirectFirst(diff.features).filter(hasMoved);
  const edits = moved.flatMap(editsOf);
  const isPlain =
    diff.causes.length === 0 && moved.every(movedByCodeOnly) && edits.length > 0 && edits.length <= 3;
  if (!isPlain) return [];
  const steps = edits.map(({ path: [name = ""], from }) =>
    from === undefined || from === initialCodeVersion
      ? `remove the codeVersion of ${print(name)}`
      : `set ${print(name)} to ${print(codeVersionText(from))}`,
  );
  const versions = moved.flatMap(({ before }) => before?.featureVersion ?? []).map(shortVersion);
  return [`To go back, ${steps.join(" and ")}: rows under ${listNames(versions, print)} count again.`];
}

function hasMoved({ before, after }: FeatureDiff): boolean {
  return before?.featureVersion !== after?.featureVersion;
}

function movedByCodeOnly({ status, revertOf, fields }: FeatureDiff): boolean {
  return (
    (status === "direct" || status === "indirect") &&
    revertOf === undefined &&
    fields.every(({ status: field, causes }) => {
      if (field === "unchanged") return true;
      return causes.length > 0 && causes.every(({ rule }) => rule === "code-version");
    })
  );
}

function editsOf({ fields }: FeatureDiff): Cause[] {
  return fields.flatMap(({ causes }) => causes.filter(({ path }) => path.length === 1));
}
