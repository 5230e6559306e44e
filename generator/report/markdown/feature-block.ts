import type { Recompute, TypesEffect } from "../../diff/model/rule.ts";
import type { Cause, FeatureDiff, FieldDiff, RowCounts } from "../../diff/model/version-diff.ts";
import { pluralOf } from "../../diff/model/work-item-name.ts";
import { describeEdit, upstreamPath } from "../describe-cause.ts";
import { formatCondition, workItemNounOf } from "../describe-rows.ts";
import { digits } from "../digits.ts";
import { isReportedByCause } from "../is-reported-by-cause.ts";
import { listNames } from "../list-names.ts";
import { versionsText } from "../short-version.ts";
import { changeLine, type LocationLink, locationText } from "./change-line.ts";
import { featureSummary } from "./feature-line.ts";
import { fitSections, type Item, type Section } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code, codeInHtml, plain } from "./markdown-text.ts";

/** How a feature is to look. */
export interface BlockOptions {
  /** Whether it shows without being unfolded. */
  readonly isOpen: boolean;
  readonly linkTo: LocationLink | undefined;
}

/** A feature that changed: as a part to unfold with all that is known of it, with less, and as one line. */
export function featureBlock(feature: FeatureDiff, options: BlockOptions): Item {
  const head = templates.foldStart({ isOpen: options.isOpen, summary: featureSummary(feature, codeInHtml) });
  const tail = `\n${templates.foldEnd({})}`;
  const sections = [factsOf(feature), ...fieldsOf(feature, options), ...changesOf(feature, options)];
  const within = (limit: number): string => head + fitSections(sections, limit) + tail;
  const line = templates.entry({ line: featureSummary(feature, code), children: [] });
  return { forms: [within(6000), within(1200), line], count: 1 };
}

/** What to know of the feature as a whole. */
function factsOf({ recompute, types, revertOf, rows, rowsUnavailable }: FeatureDiff): Section {
  const facts = [
    recomputeLabels[recompute],
    ...(types === "none" ? [] : [typesLabels[types]]),
    ...(revertOf === undefined ? [] : [`It is back at its version of ${code(revertOf.ref)}.`]),
    ...(rowsUnavailable === undefined ? [] : [`⚠️ Its rows are not counted. ${plain(rowsUnavailable)}`]),
  ];
  const text = templates.paragraph({ text: facts.join(" ") });
  return frame(text + (rows === undefined ? "" : countTable(rows)));
}

const recomputeLabels: Readonly<Record<Recompute, string>> = {
  none: "Nothing to recompute.",
  orphans: "Nothing to recompute, but rows are left behind.",
  some: "Some rows to recompute: which, only the data can tell.",
  all: "All rows to recompute.",
};

const typesLabels: Readonly<Record<Exclude<TypesEffect, "none">, string>> = {
  additive: "Its types grow.",
  breaking: "Its types break.",
};

function countTable(rows: RowCounts): string {
  const counts = countsOf(rows);
  const condition = formatCondition(rows, code);
  const workItems = pluralOf(workItemNounOf(rows));
  const text =
    condition === ""
      ? ""
      : templates.paragraph({ text: `${condition[0]?.toUpperCase()}${condition.slice(1).trimEnd()}` });
  return counts.length === 0 ? "" : text + templates.rows({ workItems, counts });
}

function countsOf({ upperBound, incomplete, ...rows }: RowCounts): { name: string; count: string }[] {
  const bound = (number: number): string =>
    `${upperBound === true && number > 0 ? "at most " : ""}${digits(number)}`;
  return [
    { name: "new", number: rows.new, count: bound(rows.new) },
    { name: "stale", number: rows.stale, count: bound(rows.stale) },
    { name: "orphaned", number: rows.orphaned, count: digits(rows.orphaned) },
    { name: "up to date", number: rows.upToDate, count: digits(rows.upToDate) },
    ...(incomplete === true ? [{ name: "more may come", number: 1, count: "unknown" }] : []),
  ].filter(({ number }) => number > 0);
}

/** The fields that moved, came or went, each with its causes, then in one line those that did not. */
function fieldsOf({ fields }: FeatureDiff, { linkTo }: BlockOptions): Section[] {
  const changed = fields.filter((field) => field.status !== "unchanged");
  const unchanged = fields.filter((field) => field.status === "unchanged").map(({ key }) => key);
  const hasUnchanged = changed.length > 0 && unchanged.length > 0;
  const unchangedText = `${listNames(unchanged, code)} ${unchanged.length === 1 ? "keeps its version" : "keep their versions"}`;
  return [
    list(changed.map((field) => fieldItem(field, linkTo))),
    frame(hasUnchanged ? `- ${unchangedText}\n` : ""),
  ];
}

function fieldItem(field: FieldDiff, linkTo: LocationLink | undefined): Item {
  const { key, status, before, after, causes } = field;
  const word = status === "added" ? "new, " : status === "removed" ? "gone, " : "";
  const line = `${code(key)} ${word}${versionsText(before, after, code)}`;
  const withCauses = (maxCauses: number): string => {
    const left = causes.length - maxCauses;
    const visible = causes.slice(0, maxCauses).map((cause) => causeText(cause, linkTo));
    const children = left > 0 ? [...visible, `and ${left} more ${left === 1 ? "cause" : "causes"}`] : visible;
    return templates.entry({ line, children });
  };
  return { forms: [withCauses(8), withCauses(1), templates.entry({ line, children: [] })], count: 1 };
}

function causeText(cause: Cause, linkTo: LocationLink | undefined): string {
  const path = upstreamPath(cause).map((name) => `← ${name.startsWith("… ") ? plain(name) : code(name)}`);
  const edit = `${path.length === 0 ? "" : `${path.join(" ")}: `}${plain(describeEdit(cause))}`;
  return cause.at === undefined ? edit : `${edit} · ${locationText(cause.at, linkTo)}`;
}

/** What else there is to tell. */
function changesOf({ changes, fields }: FeatureDiff, { linkTo }: BlockOptions): Section[] {
  const reported = changes.filter((change) => !isReportedByCause(change, fields));
  const items = reported.map((change): Item => {
    const location = change.at === undefined ? "" : ` · ${locationText(change.at, linkTo)}`;
    const line = changeLine(change);
    return {
      forms: [
        templates.entry({ line: line + location, children: [] }),
        templates.entry({ line: `${code(change.rule)}`, children: [] }),
      ],
      count: 1,
    };
  });
  return [list(items)];
}

function list(items: readonly Item[]): Section {
  return {
    before: "",
    items,
    after: "",
    total: items.length,
    describeOmitted: (count) => `- … and ${count} more\n`,
  };
}

function frame(text: string): Section {
  return { before: text, items: [], after: "", total: 0, describeOmitted: () => "" };
}
