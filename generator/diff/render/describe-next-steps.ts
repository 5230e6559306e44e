import { initialCodeVersion } from "../../parse/parsed-spec.ts";
import type { Cause, FeatureDiff, VersionDiff, Waits } from "../version-diff.ts";
import { codeVersionText } from "./describe-cause.ts";
import { listing, shortVersion } from "./words.ts";

/** Says what to do once a change is merged: what to run, whose rows to keep, how to go back. A sentence or two each. */
export function describeNextSteps(diff: VersionDiff): string[] {
  if (diff.before === undefined) return [];
  return [...describeRun(diff), ...describeWaits(diff), ...describeWayBack(diff)];
}

function describeRun({ run }: VersionDiff): string[] {
  if (run.length === 0) return [];
  if (run.length <= shownNames) return [`Run ${run.join(", then ")}.`];
  return [`Run ${run.length} features, upstream ones first: ${listing(run, shownNames)}.`];
}

/** Features that wait for the same others are told in one sentence. */
function describeWaits({ features, run }: VersionDiff): string[] {
  const groups = new Map<string, { readonly waits: Waits; readonly keys: string[] }>();
  for (const { key, waits } of features) {
    if (waits === undefined) continue;
    const id = JSON.stringify([waits.for, waits.showAs]);
    const group = groups.get(id) ?? { waits, keys: [] };
    groups.set(id, group);
    group.keys.push(key);
  }
  return [...groups.values()].map(({ waits, keys }) => {
    const rows = keys.length === 1 ? "shows its rows" : "show their rows";
    return `Until ${haveRun(waits.for, run)}, ${listing(keys, shownNames)} ${rows} as ${waits.showAs}: keep them.`;
  });
}

function haveRun(awaited: readonly string[], run: readonly string[]): string {
  if (awaited.length === 1) return `${awaited[0]} has run`;
  if (awaited.length === run.length) return awaited.length === 2 ? "both have run" : "all of these have run";
  return `${listing(awaited, shownNames)} have run`;
}

/** Told where nothing but code versions moved a feature, so that setting them back brings its rows back. */
function describeWayBack({ features, causes, run }: VersionDiff): string[] {
  if (causes.length > 0) return [];
  const bumped = new Map(features.filter(isBumped).map((feature) => [feature.key, feature]));
  const returning = run.flatMap((key) => bumped.get(key) ?? []);
  const edits = new Map(returning.flatMap(codeVersionEdits).map((cause) => [cause.path.at(-1), cause]));
  if (edits.size === 0) return [];
  const versions = returning.map(({ before }) => shortVersion(before?.featureVersion ?? ""));
  const rows = `rows under ${listing(versions, shownNames)} count again`;
  if (edits.size > shownNames) return [`To go back, set these ${edits.size} code versions back: ${rows}.`];
  const steps = [...edits].map(([field, { from }]) =>
    from === initialCodeVersion
      ? `remove the codeVersion of ${field}`
      : `set ${field} to ${codeVersionText(from)}`,
  );
  return [`To go back, ${steps.join(" and ")}: ${rows}.`];
}

function isBumped({ before, after, fields, revertOf }: FeatureDiff): boolean {
  return (
    revertOf === undefined &&
    before !== undefined &&
    after !== undefined &&
    before.featureVersion !== after.featureVersion &&
    fields.every(
      ({ status, causes }) =>
        status !== "added" && status !== "removed" && causes.every(({ rule }) => rule === "code-version"),
    )
  );
}

function codeVersionEdits({ fields }: FeatureDiff): readonly Cause[] {
  return fields.flatMap(({ causes }) => causes);
}

/** More names in a sentence are not read. */
const shownNames = 4;
