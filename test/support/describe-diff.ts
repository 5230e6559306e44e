import type { Location } from "../../generator/diagnostics/location.ts";
import type { Cause, Change, FeatureDiff, FieldDiff, VersionDiff } from "../../generator/diff/index.ts";

/** All that a diff says, as lines to be compared and read: nothing is left out but whole versions and fingerprints. */
export function describeDiff(diff: VersionDiff): string {
  const lines = [
    `features: ${counts(diff.totals.features)}`,
    `fields: ${counts(diff.totals.fields)}`,
    `runOrder: ${diff.runOrder.join(", ") || "nothing"}`,
    ...diff.causes.map(change),
    ...diff.features.flatMap(describeFeature),
  ];
  return `${lines.join("\n")}\n`;
}

function describeFeature(feature: FeatureDiff): string[] {
  const { key, status, recompute, types, before, after, blockedBy, revertOf, renamedFrom } = feature;
  return [
    "",
    `${key}: ${status}, recompute ${recompute}, types ${types}; ${moved(before?.featureVersion, after?.featureVersion)}`,
    ...feature.fields.flatMap(describeField),
    ...feature.changes.map(change),
    ...feature.pruned.map(
      ({ upstream, moved, reads }) =>
        `  pruned: ${upstream} (${moved}), reads ${reads.join(", ") || "nothing"}`,
    ),
    ...feature.embedsChanged.map((name) => `  embeds changed ${name}`),
    ...(blockedBy === undefined
      ? []
      : [`  blocked by ${blockedBy.features.join(", ")}; appears as ${blockedBy.appearsAs}`]),
    ...(revertOf === undefined ? [] : [`  revert of ${revertOf.ref}`]),
    ...(renamedFrom === undefined ? [] : [`  renamed from ${renamedFrom}`]),
  ];
}

function describeField({ key, status, before, after, causes }: FieldDiff): string[] {
  return [`  .${key}: ${status} ${moved(before, after)}`, ...causes.map(describeCause)];
}

function describeCause({ path, rule, from, to, at }: Cause): string {
  const values = [from, to].map((value) => (value === undefined ? "nothing" : JSON.stringify(value)));
  return `    ${path.join(" ← ")}: ${rule} ${values.join(" → ")}${formatLocation(at)}`;
}

function change({ rule, severity, recompute, types, message, at }: Change): string {
  return `  [${severity} ${rule}; ${recompute}; ${types}] ${message}${formatLocation(at)}`;
}

function formatLocation(at: Location | undefined): string {
  return at === undefined ? "" : ` (${at.file}:${at.line}:${at.column})`;
}

function moved(before: string | undefined, after: string | undefined): string {
  const [from, to] = [before, after].map((version) => version?.slice(0, 8) ?? "nothing");
  return from === to ? `${to}` : `${from} → ${to}`;
}

function counts(record: Readonly<Record<string, number>>): string {
  const parts = Object.entries(record).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
  return parts.join(", ");
}
