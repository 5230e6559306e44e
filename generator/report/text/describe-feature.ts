import type { Change, FeatureDiff, FieldDiff, Location, VersionDiff } from "../../diff/model/version-diff.ts";
import { count } from "../count.ts";
import { describeCause } from "../describe-cause.ts";
import { isBlocked } from "../describe-table.ts";
import { describeUnchanged } from "../describe-unchanged.ts";
import { type DisplayStatus, displayStatus } from "../display-status.ts";
import { isReportedByCause } from "../is-reported-by-cause.ts";
import { versionsText } from "../short-version.ts";
import type { Block, Note, Remark, Row } from "./layout.ts";

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
      headRow(feature, displayStatus(feature, diff)),
      ...(hasMoved ? feature.fields.map((field) => fieldRow(field, limits)) : []),
    ],
    remarks: feature.changes
      .filter((change) => !isReportedElsewhere(change, feature.fields))
      .map(describeChange),
  };
}

function headRow(feature: FeatureDiff, display: DisplayStatus): Row {
  const { key, status, recompute, types, before, after, rowsUnavailable, table } = feature;
  const word = statusLabels[display].padEnd(statusWidth - 1);
  const others = reasons(feature);
  const first = isChanged(feature)
    ? noWrap(word, `recompute: ${recompute}  `, `types: ${types}`)
    : note(`${word} ${others[0] ?? ""}`.trimEnd());
  return {
    name: `${statusMarks[display]} ${key}`,
    versions: versionsText(before?.featureVersion, after?.featureVersion, String),
    notes: [
      first,
      ...others.slice(1).map(note),
      ...(status === "added" ? formatLocation(feature.changes[0]?.at) : []),
      ...(isBlocked({ table }) ? [note("table: migrate first")] : []),
      ...(rowsUnavailable === undefined ? [] : [note("rows: not counted")]),
    ],
    style: status === "added" || status === "removed" ? status : status === "unchanged" ? "aside" : "head",
  };
}

function isChanged({ status }: FeatureDiff): boolean {
  return status !== "unchanged" && status !== "metadataOnly";
}

/** Why a feature is named at all of which no version moved. */
function reasons(feature: FeatureDiff): string[] {
  if (isChanged(feature)) return [];
  return [
    ...(feature.status === "metadataOnly" ? ["only descriptions or metadata changed"] : []),
    ...describeUnchanged(feature, String),
  ];
}

function fieldRow(field: FieldDiff, limits: FeatureLimits): Row {
  const { status, causes } = field;
  const omitted = causes.length - limits.causes;
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
          ...(cause.path.length > 1 ? [] : formatLocation(cause.at)),
        ]),
      ...(omitted > 0 ? [aside(`and ${count(omitted, "more cause")}`)] : []),
    ],
    style: status === "added" || status === "removed" ? status : "plain",
  };
}

/** Whether a change is told by what stands above it: the mark of the feature, and the causes of its fields. */
function isReportedElsewhere({ rule, ...change }: Change, fields: readonly FieldDiff[]): boolean {
  return rule === "feature-added" || rule === "definition" || isReportedByCause({ rule, ...change }, fields);
}

function describeChange({ severity, rule, message, at, acknowledged, reason = "" }: Change): Remark {
  return {
    label: severity,
    notes: [
      note(`${message} [${rule}]`),
      ...(acknowledged ? [aside(`acknowledged: ${reason}`)] : []),
      ...formatLocation(at),
    ],
    style: acknowledged ? "aside" : severity,
  };
}

function formatLocation(at: Location | undefined): Note[] {
  return at === undefined ? [] : [aside(`${at.file}:${at.line}:${at.column}`)];
}

function note(text: string): Note {
  return { text, isAside: false };
}

/** A note that is broken between its parts alone. */
function noWrap(...parts: readonly string[]): Note {
  return { text: parts.join(" "), isAside: false, parts };
}

function aside(text: string): Note {
  return { text, isAside: true };
}

const statusMarks: Readonly<Record<DisplayStatus, string>> = {
  added: "+",
  removed: "-",
  direct: "~",
  indirect: "~",
  projectWide: "~",
  unexplained: "~",
  metadataOnly: "=",
  unchanged: "=",
};

const statusLabels: Readonly<Record<DisplayStatus, string>> = {
  added: "added",
  removed: "removed",
  direct: "direct",
  indirect: "indirect",
  projectWide: "project-wide",
  unexplained: "no spec edit",
  metadataOnly: "metadata only",
  unchanged: "unchanged",
};

const statusWidth = 14;
