import type { Recompute, TypesEffect } from "../../rule.ts";
import { pluralOf } from "../../unit-name.ts";
import type { Cause, FeatureDiff, FieldDiff, RowCounts } from "../../version-diff.ts";
import { describeEdit, wayUp } from "../describe-cause.ts";
import { conditionOf, unitOf } from "../describe-rows.ts";
import { digits } from "../digits.ts";
import { isToldByCause } from "../is-told-by-cause.ts";
import { listNames } from "../list-names.ts";
import { versionsText } from "../short-version.ts";
import { changeLine, type LinkTo, placeText } from "./change-line.ts";
import { featureFacts } from "./feature-line.ts";
import { fitSections, type Item, type Section } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code, codeInHtml, plain } from "./markdown-text.ts";

/** How a feature is to look. */
export interface BlockOptions {
  /** Whether it shows without being unfolded. */
  readonly isOpen: boolean;
  readonly linkTo: LinkTo | undefined;
}

/** A feature that changed: as a part to unfold with all that is known of it, with less, and as one line. */
export function featureBlock(feature: FeatureDiff, options: BlockOptions): Item {
  const head = templates.foldStart({ isOpen: options.isOpen, summary: featureFacts(feature, codeInHtml) });
  const tail = `\n${templates.foldEnd({})}`;
  const sections = [factsOf(feature), ...fieldsOf(feature, options), ...changesOf(feature, options)];
  const within = (limit: number): string => head + fitSections(sections, limit) + tail;
  const line = templates.entry({ line: featureFacts(feature, code), below: [] });
  return { forms: [within(6000), within(1200), line], count: 1 };
}

/** What to know of the feature as a whole. */
function factsOf({ recompute, types, revertOf, rows, uncounted }: FeatureDiff): Section {
  const facts = [
    recomputeWords[recompute],
    ...(types === "none" ? [] : [typesWords[types]]),
    ...(revertOf === undefined ? [] : [`It is back at its version of ${code(revertOf.ref)}.`]),
    ...(uncounted === undefined ? [] : [`⚠️ Its rows are not counted. ${plain(uncounted)}`]),
  ];
  const text = templates.paragraph({ text: facts.join(" ") });
  return frame(text + (rows === undefined ? "" : countTable(rows)));
}

const recomputeWords: Readonly<Record<Recompute, string>> = {
  none: "Nothing to recompute.",
  orphans: "Nothing to recompute, but rows are left behind.",
  some: "Some rows to recompute: which, only the data can tell.",
  all: "All rows to recompute.",
};

const typesWords: Readonly<Record<Exclude<TypesEffect, "none">, string>> = {
  additive: "Its types grow.",
  breaking: "Its types break.",
};

function countTable(rows: RowCounts): string {
  const counts = countsOf(rows);
  const condition = conditionOf(rows, code);
  const units = pluralOf(unitOf(rows));
  const text =
    condition === ""
      ? ""
      : templates.paragraph({ text: `${condition[0]?.toUpperCase()}${condition.slice(1).trimEnd()}` });
  return counts.length === 0 ? "" : text + templates.rows({ units: units, counts });
}

function countsOf({ upperBound, incomplete, ...rows }: RowCounts): { name: string; count: string }[] {
  const bound = (number: number): string =>
    `${upperBound === true && number > 0 ? "at most " : ""}${digits(number)}`;
  return [
    { name: "new", number: rows.new, count: bound(rows.new) },
    { name: "stale", number: rows.stale, count: bound(rows.stale) },
    { name: "orphaned", number: rows.orphaned, count: digits(rows.orphaned) },
    { name: "up to date", number: rows.untouched, count: digits(rows.untouched) },
    ...(incomplete === true ? [{ name: "more may come", number: 1, count: "unknown" }] : []),
  ].filter(({ number }) => number > 0);
}

/** The fields that moved, came or went, each with its causes, then in one line those that did not. */
function fieldsOf({ fields }: FeatureDiff, { linkTo }: BlockOptions): Section[] {
  const changed = fields.filter((field) => field.status !== "unchanged");
  const kept = fields.filter((field) => field.status === "unchanged").map(({ key }) => key);
  const isTold = changed.length > 0 && kept.length > 0;
  const keeping = `${listNames(kept, code)} ${kept.length === 1 ? "keeps its version" : "keep their versions"}`;
  return [list(changed.map((field) => fieldItem(field, linkTo))), frame(isTold ? `- ${keeping}\n` : "")];
}

function fieldItem(field: FieldDiff, linkTo: LinkTo | undefined): Item {
  const { key, status, before, after, causes } = field;
  const word = status === "added" ? "new, " : status === "removed" ? "gone, " : "";
  const line = `${code(key)} ${word}${versionsText(before, after, code)}`;
  const withCauses = (most: number): string => {
    const left = causes.length - most;
    const shown = causes.slice(0, most).map((cause) => causeText(cause, linkTo));
    const below = left > 0 ? [...shown, `and ${left} more ${left === 1 ? "cause" : "causes"}`] : shown;
    return templates.entry({ line, below });
  };
  return { forms: [withCauses(8), withCauses(1), templates.entry({ line, below: [] })], count: 1 };
}

function causeText(cause: Cause, linkTo: LinkTo | undefined): string {
  const way = wayUp(cause).map((name) => `← ${name.startsWith("… ") ? plain(name) : code(name)}`);
  const edit = `${way.length === 0 ? "" : `${way.join(" ")}: `}${plain(describeEdit(cause))}`;
  return cause.at === undefined ? edit : `${edit} · ${placeText(cause.at, linkTo)}`;
}

/** What else there is to tell. */
function changesOf({ changes, fields }: FeatureDiff, { linkTo }: BlockOptions): Section[] {
  const told = changes.filter((change) => !isToldByCause(change, fields));
  const items = told.map((change): Item => {
    const place = change.at === undefined ? "" : ` · ${placeText(change.at, linkTo)}`;
    const line = changeLine(change);
    return {
      forms: [
        templates.entry({ line: line + place, below: [] }),
        templates.entry({ line: `${code(change.rule)}`, below: [] }),
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
    leftOut: (count) => `- … and ${count} more\n`,
  };
}

function frame(text: string): Section {
  return { before: text, items: [], after: "", total: 0, leftOut: () => "" };
}
