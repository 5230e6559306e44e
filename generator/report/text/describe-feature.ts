import { formatLocation, type Location } from "../../diagnostics/location.ts";
import type { Change, FeatureDiff, FieldDiff, VersionDiff } from "../../diff/index.ts";
import { describeCause, describeUnchanged, isReportedByCause } from "../describe-causes.ts";
import { isBlocked } from "../describe-table.ts";
import { type DisplayStatus, displayStatus, statusDisplays } from "../display-status.ts";
import { count } from "../names.ts";
import { formatVersions } from "../short-version.ts";
import type { Block, Note, Remark, Row, RowStyle } from "./layout.ts";

/** How much of a feature is printed. */
export interface FeatureLimits {
  /** The most causes of one field. */
  readonly causes: number;
}

/** A feature in the terminal: its versions, its fields where one changed, and its changes. */
export function describeFeature(
  feature: FeatureDiff,
  diff: Pick<VersionDiff, "causes">,
  limits: FeatureLimits,
): Block {
  // In a manifest that was edited by hand, a field can move without its feature.
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
  const { symbol, label } = statusDisplays[display];
  const word = label.padEnd(labelWidth);
  const reasons = describeReasons(feature);
  const first = isChanged(feature)
    ? noWrap(word, `recompute: ${recompute}  `, `types: ${types}`)
    : note(`${word} ${reasons[0] ?? ""}`.trimEnd());
  return {
    name: `${symbol} ${key}`,
    versions: formatVersions(before?.featureVersion, after?.featureVersion, String),
    notes: [
      first,
      ...reasons.slice(1).map(note),
      ...(status === "added" ? locationNotes(feature.changes[0]?.at) : []),
      ...(isBlocked({ table }) ? [note("table: migrate first")] : []),
      ...(rowsUnavailable === undefined ? [] : [note("rows: not counted")]),
    ],
    style: headStyle(status),
  };
}

function headStyle(status: FeatureDiff["status"]): RowStyle {
  if (status === "added" || status === "removed") return status;
  return status === "unchanged" ? "aside" : "head";
}

/** The longest label of a status, and a space. */
const labelWidth = Math.max(...Object.values(statusDisplays).map(({ label }) => label.length)) + 1;

function isChanged({ status }: FeatureDiff): boolean {
  return status !== "unchanged" && status !== "metadataOnly";
}

/** Why a feature without a change of its own is listed. */
function describeReasons(feature: FeatureDiff): string[] {
  if (isChanged(feature)) return [];
  return [
    ...(feature.status === "metadataOnly" ? ["no effect on versions, rows or types"] : []),
    ...describeUnchanged(feature, String),
  ];
}

function fieldRow(field: FieldDiff, limits: FeatureLimits): Row {
  const { status, causes } = field;
  const omitted = causes.length - limits.causes;
  const isPresenceChange = status === "added" || status === "removed";
  return {
    name: `    ${field.key}`,
    versions: formatVersions(field.before, field.after, String),
    notes: [
      ...(isPresenceChange ? [note(status)] : []),
      ...causes
        .slice(0, limits.causes)
        // The location of an edit is printed once, at the edited field.
        .flatMap((cause) => [
          note(describeCause(cause)),
          ...(cause.path.length > 1 ? [] : locationNotes(cause.at)),
        ]),
      ...(omitted > 0 ? [aside(`and ${count(omitted, "more cause")}`)] : []),
    ],
    style: isPresenceChange ? status : "plain",
  };
}

/** Whether the head of the feature or the causes of its fields report a change already. */
function isReportedElsewhere(change: Change, fields: readonly FieldDiff[]): boolean {
  const { rule } = change;
  return rule === "feature-added" || rule === "definition" || isReportedByCause(change, fields);
}

function describeChange({ severity, rule, message, at, acknowledged, reason = "" }: Change): Remark {
  return {
    label: severity,
    notes: [
      note(`${message} [${rule}]`),
      ...(acknowledged ? [aside(`acknowledged: ${reason}`)] : []),
      ...locationNotes(at),
    ],
    style: acknowledged ? "aside" : severity,
  };
}

function locationNotes(at: Location | undefined): Note[] {
  return at === undefined ? [] : [aside(formatLocation(at))];
}

function note(text: string): Note {
  return { text, isAside: false };
}

/** A note that wraps only between its parts. */
function noWrap(...parts: readonly string[]): Note {
  return { text: parts.join(" "), isAside: false, parts };
}

function aside(text: string): Note {
  return { text, isAside: true };
}
