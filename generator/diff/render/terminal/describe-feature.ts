import type { Change, FeatureDiff, FieldDiff, Place, VersionDiff } from "../../version-diff.ts";
import { count } from "../count.ts";
import { describeCause } from "../describe-cause.ts";
import { isBlocked } from "../describe-table.ts";
import { describeUntouched } from "../describe-untouched.ts";
import { isToldByCause } from "../is-told-by-cause.ts";
import { versionsText } from "../short-version.ts";
import { type ShownStatus, shownStatus } from "../shown-status.ts";
import type { Block, Note, Remark, Row } from "./lay-out.ts";

/** How much is said of a feature. */
export interface FeatureLimits {
  /** Causes shown of one field. */
  readonly causes: number;
}

/** What a terminal shows of a feature: its versions, its fields where one moved, and its changes. */
export function describeFeature(
  feature: FeatureDiff,
  diff: Pick<VersionDiff, "causes">,
  limits: FeatureLimits,
): Block {
  // A manifest that was edited by hand can have the version of a field moved and not that of its feature.
  const hasMoved =
    feature.before?.featureVersion !== feature.after?.featureVersion ||
    feature.fields.some(({ status }) => status !== "unchanged");
  return {
    rows: [
      headRow(feature, shownStatus(feature, diff)),
      ...(hasMoved ? feature.fields.map((field) => fieldRow(field, limits)) : []),
    ],
    remarks: feature.changes.filter((change) => !isTold(change, feature.fields)).map(describeChange),
  };
}

function headRow(feature: FeatureDiff, shown: ShownStatus): Row {
  const { key, status, recompute, types, before, after, uncounted, table } = feature;
  const word = statusWord[shown].padEnd(statusWidth - 1);
  const others = reasons(feature);
  const first = isTouched(feature)
    ? unbroken(word, `recompute: ${recompute}  `, `types: ${types}`)
    : note(`${word} ${others[0] ?? ""}`.trimEnd());
  return {
    name: `${mark[shown]} ${key}`,
    versions: versionsText(before?.featureVersion, after?.featureVersion, String),
    notes: [
      first,
      ...others.slice(1).map(note),
      ...(status === "added" ? describePlace(feature.changes[0]?.at) : []),
      ...(isBlocked({ table }) ? [note("table: migrate first")] : []),
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
  if (isTouched(feature)) return [];
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

/** A note that is broken between its parts alone. */
function unbroken(...parts: readonly string[]): Note {
  return { text: parts.join(" "), isAside: false, parts };
}

function aside(text: string): Note {
  return { text, isAside: true };
}

const mark: Readonly<Record<ShownStatus, string>> = {
  added: "+",
  removed: "-",
  direct: "~",
  indirect: "~",
  projectWide: "~",
  unexplained: "~",
  definitionOnly: "=",
  unchanged: "=",
};

const statusWord: Readonly<Record<ShownStatus, string>> = {
  added: "added",
  removed: "removed",
  direct: "direct",
  indirect: "upstream",
  projectWide: "project",
  unexplained: "no edit",
  definitionOnly: "definition",
  unchanged: "untouched",
};

const statusWidth = 12;
