import type { RuleId } from "../../rule.ts";
import type { Change, FeatureDiff, FeatureStatus, FieldDiff, Place } from "../../version-diff.ts";
import { describeCause } from "../describe-cause.ts";
import { describeRows } from "../describe-rows.ts";
import { count, listing, shortVersion } from "../words.ts";
import type { Block, Note, Remark, Row } from "./lay-out.ts";

/** How much is said of a feature. */
export interface FeatureLimits {
  /** Causes shown of one field. */
  readonly causes: number;
}

/** What a terminal shows of a feature: its versions, its fields where one moved, and its changes. */
export function describeFeature(feature: FeatureDiff, limits: FeatureLimits): Block {
  const hasMoved = feature.before?.featureVersion !== feature.after?.featureVersion;
  return {
    rows: [headRow(feature), ...(hasMoved ? feature.fields.map((field) => fieldRow(field, limits)) : [])],
    remarks: feature.changes.filter((change) => !isToldAtField(change)).map(describeChange),
  };
}

function headRow(feature: FeatureDiff): Row {
  const { key, status, recompute, types, before, after, revertOf, rows } = feature;
  const effects = isTouched(feature) ? [`recompute: ${recompute}   types: ${types}`] : reasons(feature);
  return {
    name: `${mark[status]} ${key}`,
    versions: describeVersions(before?.featureVersion, after?.featureVersion),
    notes: [
      note(`${statusWord[status].padEnd(statusWidth)}${effects[0] ?? ""}`.trimEnd()),
      ...effects.slice(1).map(note),
      ...(revertOf === undefined
        ? []
        : [note(`back to what it was at ${revertOf.ref}: those rows count again`)]),
      ...(rows === undefined ? [] : [note(describeRows(rows))]),
    ],
    look: status === "added" || status === "removed" ? status : status === "unchanged" ? "aside" : "head",
  };
}

function isTouched({ status }: FeatureDiff): boolean {
  return status !== "unchanged" && status !== "definitionOnly";
}

/** Why a feature is named at all of which no version moved. */
function reasons({ status, pruned, moduleNames }: FeatureDiff): string[] {
  return [
    ...(status === "definitionOnly" ? ["only descriptions, metadata or the like changed"] : []),
    ...pruned.map(({ upstream, reads }) => {
      const names = reads.map((field) => `${upstream}.${field}`);
      if (names.length === 0) return `reads no field of ${upstream}`;
      return `reads only ${listing(names, 4)}, which kept ${names.length === 1 ? "its version" : "their versions"}`;
    }),
    ...(moduleNames.length === 0
      ? []
      : [`its module changes, since it states versions and columns of ${listing(moduleNames, 4)}`]),
  ];
}

function fieldRow(field: FieldDiff, limits: FeatureLimits): Row {
  const { status, causes } = field;
  const left = causes.length - limits.causes;
  return {
    name: `    ${field.key}`,
    versions: describeVersions(field.before, field.after),
    notes: [
      ...(status === "added" || status === "removed" ? [note(status)] : []),
      ...causes
        .slice(0, limits.causes)
        // The place of an edit stands once, at the edited field.
        .flatMap((cause) => [
          note(describeCause(cause)),
          ...(cause.path.length > 1 ? [] : describePlace(cause.at)),
        ]),
      ...(left > 0 ? [aside(`and ${count(left, "more cause")}`)] : []),
    ],
    look: status === "added" || status === "removed" ? status : "plain",
  };
}

/** Edits that a moved field tells as its cause, and what the mark of the feature says. */
function isToldAtField({ rule, acknowledged }: Change): boolean {
  return !acknowledged && toldElsewhere.has(rule);
}

const toldElsewhere: ReadonlySet<RuleId> = new Set([
  "code-version",
  "field-lineage",
  "feature-added",
  "definition",
]);

function describeChange({ severity, rule, message, at, acknowledged, reason = "" }: Change): Remark {
  return {
    label: severity,
    notes: [
      note(`${message} [${rule}]`),
      ...(acknowledged ? [aside(`acknowledged: ${reason}`)] : []),
      ...describePlace(at),
    ],
    look: acknowledged ? "aside" : severity,
  };
}

function describePlace(at: Place | undefined): Note[] {
  return at === undefined ? [] : [aside(`${at.file}:${at.line}:${at.column}`)];
}

function describeVersions(before: string | undefined, after: string | undefined): string {
  const shown = before === after ? [after] : [before, after];
  return shown
    .filter((version) => version !== undefined)
    .map(shortVersion)
    .join(" → ");
}

function note(text: string): Note {
  return { text, isAside: false };
}

function aside(text: string): Note {
  return { text, isAside: true };
}

const mark: Readonly<Record<FeatureStatus, string>> = {
  added: "+",
  removed: "-",
  direct: "~",
  indirect: "~",
  definitionOnly: "=",
  unchanged: "=",
};

const statusWord: Readonly<Record<FeatureStatus, string>> = {
  added: "added",
  removed: "removed",
  direct: "direct",
  indirect: "upstream",
  definitionOnly: "definition",
  unchanged: "untouched",
};

const statusWidth = 12;
