import type { Cause, CauseRule, Change, FeatureDiff, FieldDiff, PrunedBranch } from "../diff/index.ts";
import { initialCodeVersion } from "../parse/parsed-spec.ts";
import { listNames, type PrintName } from "./names.ts";

/** One line: the path up to the edited field, and the edit. */
export function describeCause(cause: Cause): string {
  const edit = describeEdit(cause);
  const path = upstreamPath(cause);
  return path.length === 0 ? edit : `${path.map((name) => `← ${name}`).join(" ")}: ${edit}`;
}

/** One line: the edit. */
export function describeEdit(cause: Cause): string {
  return editDescriptions[cause.rule](cause);
}

/** The fields from the changed one, without it, up to the edited one. */
export function upstreamPath({ path }: Cause): readonly string[] {
  return abbreviate(path.slice(1));
}

/** The next field and the edited one say most of a long path. */
function abbreviate(path: readonly string[]): readonly string[] {
  const [first, last] = [path[0], path.at(-1)];
  if (path.length <= 3 || first === undefined || last === undefined) return path;
  return [first, `… ${path.length - 2} more`, last];
}

const editDescriptions: Readonly<Record<CauseRule, (cause: Cause) => string>> = {
  "code-version": ({ from, to }) => `codeVersion ${codeVersionText(from)} → ${codeVersionText(to)}`,
  "field-lineage": ({ from, to }) => describeParents(splitNames(from), splitNames(to)),
  "dep-added": ({ to }) => `dep on ${to} added`,
  "dep-removed": ({ from }) => `dep on ${from} removed`,
  "field-added": () => "field added",
  "root-field-added": () => "field added",
  "field-removed": () => "field removed",
  "field-renamed": ({ from }) => `field renamed from ${from}`,
  "feature-removed": () => "feature removed",
  "feature-renamed": ({ from, to }) => `feature renamed from ${from} to ${to}`,
};

function describeParents(from: readonly string[], to: readonly string[]): string {
  const gained = to.filter((name) => !from.includes(name));
  const lost = from.filter((name) => !to.includes(name));
  if (gained.length + lost.length === 0) return "same parents by another mapping";
  return [
    ...(gained.length === 0 ? [] : [`now reads ${listNames(gained, String, 3)}`]),
    ...(lost.length === 0 ? [] : [`no longer reads ${listNames(lost, String, 3)}`]),
  ].join(", ");
}

function splitNames(joined: string | undefined): string[] {
  return joined === undefined || joined === "" ? [] : joined.split(", ");
}

/** A code version is any string, so it is quoted and truncated. */
export function codeVersionText(version: string | undefined): string {
  if (version === undefined || version === initialCodeVersion) return "(default)";
  const characters = [...version];
  return JSON.stringify(characters.length <= 24 ? version : `${characters.slice(0, 23).join("")}…`);
}

/** Whether the causes of a field already report a change, which then needs no line of its own. */
export function isReportedByCause(
  { rule, subject, severity, acknowledged }: Change,
  fields: readonly FieldDiff[],
): boolean {
  const isCause = (cause: Cause): boolean => cause.path.length === 1 && cause.rule === rule;
  return (
    severity === "info" &&
    !acknowledged &&
    fields.some(({ key, causes }) => key === subject && causes.some(isCause))
  );
}

/** Whether an unchanged feature has something to report. */
export function hasReason({ pruned, embedsChanged }: FeatureDiff): boolean {
  return pruned.length + embedsChanged.length > 0;
}

/** Why a feature is unchanged though upstream features changed, and why its module is regenerated. */
export function describeUnchanged({ pruned, embedsChanged }: FeatureDiff, print: PrintName): string[] {
  const branches = pruned.map((branch) => describeBranch(branch, print));
  return [
    ...(branches.length === 0 ? [] : [listNames(branches, String, 4)]),
    ...(embedsChanged.length === 0
      ? []
      : [`module regenerated: it embeds versions of ${listNames(embedsChanged, print)}`]),
  ];
}

function describeBranch({ upstream, reads }: PrunedBranch, print: PrintName): string {
  if (reads.length === 0) return `reads no field of ${print(upstream)}`;
  const fields = reads.map((field) => `${upstream}.${field}`);
  return `reads only ${listNames(fields, print)}, which ${fields.length === 1 ? "is" : "are"} unchanged`;
}
