import { joinWords } from "../../diagnostics/quote-value.ts";
import { initialCodeVersion } from "../../parse/parsed-spec.ts";
import type { Cause, FeatureDiff, ProjectChange, VersionDiff, Waits } from "../version-diff.ts";
import { codeVersionText } from "./describe-cause.ts";
import { listNames, type PrintName } from "./list-names.ts";
import { mostDirectFirst } from "./most-direct-first.ts";
import { shortVersion } from "./short-version.ts";
import { shownStatus } from "./shown-status.ts";

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

/**
 * Only where the way back is as short as its words: where nothing but code versions moved what moved, and few of them,
 * or a setting of the project.
 */
function describeWayBack(diff: VersionDiff, print: PrintName): string[] {
  const [cause, ...others] = diff.causes;
  if (others.length > 0 || cause?.rule === "formula") return [];
  const moved = mostDirectFirst(diff.features).filter(hasMoved);
  const edits = moved.flatMap(editsOf);
  const isPlain = moved.every((feature) => movedByCodeOnly(feature, cause)) && edits.length <= 3;
  const steps = [
    ...(cause?.from === undefined ? [] : [`set hashLength to ${cause.from}`]),
    ...(isPlain ? edits.map((edit) => undo(edit, print)) : []),
  ];
  const back = isPlain
    ? moved
    : moved.filter(
        (feature) => feature.revertOf === undefined && shownStatus(feature, diff) === "projectWide",
      );
  const versions = back.flatMap(({ before }) => before?.featureVersion ?? []).map(shortVersion);
  if (steps.length === 0 || versions.length === 0) return [];
  return [`To go back, ${joinWords(steps, "and")}: rows under ${listNames(versions, print)} count again.`];
}

function undo({ path: [name = ""], from }: Cause, print: PrintName): string {
  return from === undefined || from === initialCodeVersion
    ? `remove the codeVersion of ${print(name)}`
    : `set ${print(name)} to ${print(codeVersionText(from))}`;
}

function hasMoved({ before, after }: FeatureDiff): boolean {
  return before?.featureVersion !== after?.featureVersion;
}

/** Or by what moved the whole project, and then by no edit at all. */
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
