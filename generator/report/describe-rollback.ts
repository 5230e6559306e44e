import { joinWords } from "../diagnostics/quote-value.ts";
import type { Cause, FeatureDiff, ProjectChange, VersionDiff } from "../diff/index.ts";
import { initialCodeVersion } from "../parse/parsed-spec.ts";
import { codeVersionText } from "./describe-causes.ts";
import { displayStatus, mostDirectFirst } from "./display-status.ts";
import { listNames, type PrintName } from "./names.ts";
import { shortVersion } from "./short-version.ts";

/**
 * How to roll a change back, only where that is short: where a few code versions alone moved all versions, or a setting of
 * the project did.
 */
export function describeRollback(diff: VersionDiff, print: PrintName, maxNames: number): string[] {
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
