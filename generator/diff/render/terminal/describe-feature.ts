import type { Change, FeatureDiff, FeatureStatus, FieldDiff, Place } from "../../version-diff.ts";
import { count } from "../count.ts";
import { describeCause } from "../describe-cause.ts";
import { describeRows } from "../describe-rows.ts";
import { describeUntouched } from "../describe-untouched.ts";
import { isToldByCause } from "../is-told-by-cause.ts";
import { versionsText } from "../short-version.ts";
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
    remarks: feature.changes.filter((change) => !isTold(change, feature.fields)).map(describeChange),
  };
}

function headRow(feature: FeatureDiff): Row {
  const { key, status, recompute, types, before, after, rows, uncounted } = feature;
  const effects = isTouched(feature) ? [`recompute: ${recompute}   types: ${types}`] : reasons(feature);
  return {
    name: `${mark[status]} ${key}`,
    versions: versionsText(before?.featureVersion, after?.featureVersion, String),
    notes: [
      note(`${statusWord[status].padEnd(statusWidth)}${effects[0] ?? ""}`.trimEnd()),
      ...effects.slice(1).map(note),
      ...(rows === undefined ? [] : [note(`rows: ${describeRows(rows)}`)]),
      ...(uncounted === undefined ? [] : [note("rows: not counted")]),
    ],
    look: status === "added" || status === "removed" ? status : status === "unchanged" ? "aside" : "head",
  };
}

function isTouched({ status }: FeatureDiff): boolean {
  return status !== "unchanged" && status !== "definitionOnly";
}

/** Why a feature is named at all of which no version moved. */
function reasons(feature: FeatureDiff): string[] {
  return [
    ...(feature.status === "definitionOnly" ? ["only descriptions, metadata or the like changed"] : []),
    ...describeUntouched(feature, String),
  ];
}

function fieldRow(field: FieldDiff, limits: FeatureLimits): Row {
  const { status, causes } = field;
  const left = causes.length - limits.causes;
  return {
    name: `    ${field.key}`,
    versions: versionsText(field.before, field.after, String),
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

/** Whether a change is told by what stands above it: the mark of the feature, and the causes of its fields. */
function isTold({ rule, ...change }: Change, fields: readonly FieldDiff[]): boolean {
  return rule === "feature-added" || rule === "definition" || isToldByCause({ rule, ...change }, fields);
}

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
