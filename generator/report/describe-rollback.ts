import { joinWords } from "../diagnostics/quote-value.ts";
import type { Cause, FeatureDiff, ProjectChange, VersionDiff } from "../diff/model/version-diff.ts";
import { initialCodeVersion } from "../parse/parsed-spec.ts";
import { codeVersionText } from "./describe-cause.ts";
import { displayStatus } from "./display-status.ts";
import { listNames, type PrintName } from "./list-names.ts";
import { mostDirectFirst } from "./most-direct-first.ts";
import { shortVersion } from "./short-version.ts";

/**
 * Says how to go back, only where the way back is as short as its words: where nothing but code versions moved what moved, and few of them,
 * or a setting of the project.
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
  return [
    `To go back, ${joinWords(steps, "and")}: rows under ${listNames(versions, print, maxNames)} count again.`,
  ];
}

function rollbackStep({ path: [name = ""], from }: Cause, print: PrintName): string {
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
