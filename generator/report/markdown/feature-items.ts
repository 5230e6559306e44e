import type { Cause, Change, FeatureDiff, FieldDiff, RowCounts } from "../../diff/index.ts";
import { pluralOf } from "../../diff/model/work-item-name.ts";
import {
  describeEdit,
  describeUnchanged,
  hasReason,
  isReportedByCause,
  upstreamPath,
} from "../describe-causes.ts";
import {
  describeWork,
  formatCondition,
  hasWork,
  upperBoundPrefix,
  workItemNounOf,
} from "../describe-rows.ts";
import { isBlocked } from "../describe-table.ts";
import { severityDisplays } from "../display-status.ts";
import type { LocationLink } from "../locations.ts";
import { count, digits, listNames, type PrintName } from "../names.ts";
import { formatVersions } from "../short-version.ts";
import { recomputeLabels, typesLabels } from "./effect-labels.ts";
import { type Fitted, fitLists, type Item, type List } from "./fit-sections.ts";
import { code, codeInHtml, locationText, plain } from "./markdown-text.ts";
import { templates } from "./templates.ts";

/** How a feature is printed. */
export interface FeatureOptions {
  /** Whether its fold is open. */
  readonly isOpen: boolean;
  readonly linkTo: LocationLink | undefined;
}

/** A changed feature: as a fold with everything known of it, with less, and as one line. */
export function changedFeature(feature: FeatureDiff, { isOpen, linkTo }: FeatureOptions): Item {
  const fields = changedFields(feature, linkTo);
  const changes = changeList(feature, linkTo);
  const render = (fittedFields: Fitted, fittedChanges: Fitted): string =>
    templates.feature({
      isOpen,
      summary: summaryOf(feature, codeInHtml),
      facts: factsOf(feature),
      ...countsOf(feature.rows),
      fields: fittedFields.items,
      omittedFields: fittedFields.omitted,
      unchanged: unchangedFields(feature),
      changes: fittedChanges.items,
      omittedChanges: fittedChanges.omitted,
    });
  const frame = render({ items: [], omitted: fields.total }, { items: [], omitted: changes.total });
  const within = (limit: number): string => {
    const [fittedFields, fittedChanges] = fitLists([fields, changes], limit - frame.length);
    return render(fittedFields ?? nothing, fittedChanges ?? nothing);
  };
  return { forms: [within(6000), within(1200), line(summaryOf(feature, code))], count: 1 };
}

const nothing: Fitted = { items: [], omitted: 0 };

/** An added or removed feature in one line: its fields are all that is known of it. */
export function presenceLine(feature: FeatureDiff, linkTo: LocationLink | undefined): Item {
  const { fields, changes } = feature;
  const keys = fields.map(({ key }) => key);
  const names = `${fields.length === 1 ? "field" : "fields"} ${listNames(keys, code)}`;
  const location = changes.flatMap(({ at }) => (at === undefined ? [] : [locationText(at, linkTo)]));
  const summary = summaryOf(feature, code);
  return { forms: [line([summary, names, ...location.slice(0, 1)].join(" · ")), line(summary)], count: 1 };
}

/** Unchanged features: those with something to report first, the others by name. */
export function unchangedFeatures(features: readonly FeatureDiff[]): Item[] {
  const hasDetails = (feature: FeatureDiff): boolean => hasReason(feature) || hasWork(feature);
  const detailed = features.filter(hasDetails);
  const others = features.filter((feature) => !hasDetails(feature)).map(({ key }) => key);
  const items = detailed.map((feature): Item => {
    const { key, rows, rowsUnavailable } = feature;
    const parts = [
      ...describeUnchanged(feature, code),
      ...(isBlocked(feature) ? ["migrate first"] : []),
      rows === undefined ? "" : describeWork(rows, code),
      rowsUnavailable === undefined ? "" : `not counted: ${plain(rowsUnavailable)}`,
    ];
    return item(`${code(key)} ${parts.filter((part) => part !== "").join("; ")}`);
  });
  return [...items, ...nameItems(others)];
}

/** Names, several in a line. */
export function nameItems(names: readonly string[]): Item[] {
  const lines = Math.ceil(names.length / namesPerLine);
  return Array.from({ length: lines }, (_, index) => {
    const some = names.slice(index * namesPerLine, (index + 1) * namesPerLine);
    return { forms: [line(some.map(code).join(", "))], count: some.length };
  });
}

const namesPerLine = 10;

/** A change in one line: severity, message, rule, and the reason of its acknowledgement; with its feature, if given. */
export function changeLine(
  { severity, message, rule, acknowledged, reason, at }: Change,
  { feature, linkTo, hasLocation = true }: ChangeLineOptions,
): string {
  const icon = acknowledged ? "☑️" : severityDisplays[severity].icon;
  const accepted = reason === undefined ? "acknowledged" : `acknowledged: ${plain(reason)}`;
  const name = feature === undefined ? "" : `${code(feature)}: `;
  const suffix = acknowledged ? ` (${severity}, ${accepted})` : "";
  const location = at === undefined || !hasLocation ? "" : ` · ${locationText(at, linkTo)}`;
  return `${icon} ${name}${plain(message)} ${code(rule)}${suffix}${location}`;
}

/** What a line of a change contains. */
export interface ChangeLineOptions {
  readonly feature?: string;
  readonly linkTo?: LocationLink | undefined;
  readonly hasLocation?: boolean;
}

/** An entry of a list that has one form. */
export function item(text: string): Item {
  return { forms: [line(text)], count: 1 };
}

function line(text: string): string {
  return `- ${text}`;
}

/** Key and versions of a feature, whether its types break, and its work. */
function summaryOf(
  { key, before, after, types, rows, table, rowsUnavailable }: FeatureDiff,
  print: PrintName,
): string {
  const versions = formatVersions(before?.featureVersion, after?.featureVersion, print);
  const parts = [
    `${print(key)} ${versions}`,
    types === "breaking" ? typesLabels.breaking : "",
    isBlocked({ table }) ? "migrate first" : "",
    rows === undefined ? "" : describeWork(rows, print),
    rowsUnavailable === undefined ? "" : "rows not counted",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function factsOf({ recompute, types, revertOf, rowsUnavailable }: FeatureDiff): string {
  const facts = [
    sentence(recomputeLabels[recompute]),
    ...(types === "none" ? [] : [sentence(typesLabels[types])]),
    ...(revertOf === undefined ? [] : [`Returns to the version of ${code(revertOf.ref)}.`]),
    ...(rowsUnavailable === undefined ? [] : [`⚠️ Rows not counted. ${plain(rowsUnavailable)}`]),
  ];
  return facts.join(" ");
}

function sentence(text: string): string {
  return `${capitalize(text)}.`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Counts are listed below each other: side by side they would not fit on a phone. */
function countsOf(rows: RowCounts | undefined): {
  readonly condition: string | undefined;
  readonly workItems: string;
  readonly counts: readonly { readonly name: string; readonly count: string }[];
} {
  if (rows === undefined) return { condition: undefined, workItems: "", counts: [] };
  const condition = formatCondition(rows, code).trimEnd();
  const counts = [
    { name: "new", number: rows.new, prefix: upperBoundPrefix(rows) },
    { name: "stale", number: rows.stale, prefix: upperBoundPrefix(rows) },
    { name: "orphaned", number: rows.orphaned, prefix: "" },
    { name: "up to date", number: rows.upToDate, prefix: "" },
  ].filter(({ number }) => number > 0);
  return {
    condition: condition === "" ? undefined : capitalize(condition),
    workItems: pluralOf(workItemNounOf(rows)),
    counts: [
      ...counts.map(({ name, number, prefix }) => ({ name, count: prefix + digits(number) })),
      ...(rows.incomplete === true ? [{ name: "more may follow", count: "unknown" }] : []),
    ],
  };
}

/** The changed fields, each with its causes. */
function changedFields({ fields }: FeatureDiff, linkTo: LocationLink | undefined): List {
  const changed = fields.filter((field) => field.status !== "unchanged");
  return { items: changed.map((field) => fieldItem(field, linkTo)), total: changed.length };
}

function fieldItem(field: FieldDiff, linkTo: LocationLink | undefined): Item {
  const { key, status, before, after, causes } = field;
  const word = status === "added" || status === "removed" ? `${status}, ` : "";
  const head = line(`${code(key)} ${word}${formatVersions(before, after, code)}`);
  const withCauses = (maxCauses: number): string => {
    const omitted = causes.length - maxCauses;
    const listed = causes.slice(0, maxCauses).map((cause) => causeText(cause, linkTo));
    const more = omitted > 0 ? [`and ${count(omitted, "more cause")}`] : [];
    return [head, ...[...listed, ...more].map((text) => `  ${line(text)}`)].join("\n");
  };
  return { forms: [withCauses(8), withCauses(1), head], count: 1 };
}

function causeText(cause: Cause, linkTo: LocationLink | undefined): string {
  const path = upstreamPath(cause).map((name) => `← ${name.startsWith("… ") ? plain(name) : code(name)}`);
  const edit = `${path.length === 0 ? "" : `${path.join(" ")}: `}${plain(describeEdit(cause))}`;
  return cause.at === undefined ? edit : `${edit} · ${locationText(cause.at, linkTo)}`;
}

/** The unchanged fields of a feature in which others changed. */
function unchangedFields({ fields }: FeatureDiff): string | undefined {
  const keys = fields.filter((field) => field.status === "unchanged").map(({ key }) => key);
  if (keys.length === 0 || keys.length === fields.length) return undefined;
  return `${listNames(keys, code)} ${keys.length === 1 ? "keeps its version" : "keep their versions"}`;
}

/** The changes that no cause of a field reports. */
function changeList({ changes, fields }: FeatureDiff, linkTo: LocationLink | undefined): List {
  const reported = changes.filter((change) => !isReportedByCause(change, fields));
  const items = reported.map(
    (change): Item => ({ forms: [line(changeLine(change, { linkTo })), line(code(change.rule))], count: 1 }),
  );
  return { items, total: items.length };
}
