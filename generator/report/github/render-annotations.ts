import type { Location } from "../../diagnostics/location.ts";
import {
  type Change,
  type FeatureDiff,
  isConsequence,
  type RuleId,
  type VersionDiff,
} from "../../diff/index.ts";
import { describeBlocked, describeTableChanges } from "../describe-table.ts";
import { describeTotals } from "../describe-totals.ts";
import { severityDisplays } from "../display-status.ts";
import { printableText } from "../display-text.ts";
import { count } from "../names.ts";
import { type AnnotationLevel, workflowCommand } from "./workflow-command.ts";

/**
 * Renders a diff as annotations of GitHub: one for each edited line, however many changes it causes.
 *
 * GitHub shows only the first ten of each level and step, so the totals come first, then the most severe and most direct
 * changes.
 */
export function renderAnnotations(diff: VersionDiff): string {
  const { before, baseFallback } = diff;
  const notes = [...groupByLocation(findNotes(diff)).values()].sort((a, b) => rankOf(a) - rankOf(b));
  const title = "Versions";
  return [
    ...(baseFallback === undefined ? [] : [workflowCommand("warning", { title }, baseFallback)]),
    ...(before === undefined ? [] : [workflowCommand("notice", { title }, describeTotals(diff))]),
    ...notes.map(renderGroup),
  ].join("");
}

/** One change in an annotation. */
interface Note {
  readonly level: AnnotationLevel;
  /** Absent where a store reports it. */
  readonly rule?: RuleId;
  readonly text: string;
  readonly at: Location | undefined;
}

function findNotes({ causes, features }: VersionDiff): Note[] {
  const affected = countAffected(features);
  return [
    ...causes.map((change) => noteOf(change, "")),
    ...features.flatMap(tableNotes),
    ...features.flatMap(({ key, changes }) => {
      const reported = changes.filter(({ rule }) => rule !== "definition" && rule !== "feature-added");
      return reported.map((change) => noteOf(change, `${key}: `, describeAffected(key, change, affected)));
    }),
  ];
}

/** A blocked feature fails a pipeline, so it is an error. */
function tableNotes(feature: FeatureDiff): Note[] {
  const steps = feature.table?.steps ?? [];
  const columns = new Set(steps.flatMap((step) => (step.kind === "add-fields" ? [] : [step.column])));
  const at = feature.changes.find(({ subject = "", at }) => columns.has(subject) && at !== undefined)?.at;
  const note = (level: AnnotationLevel) => (text: string) => ({ level, text: printableText(text), at });
  return [
    ...describeBlocked(feature, String).map(note("error")),
    ...describeTableChanges(feature, String).map(note("notice")),
  ];
}

function noteOf(change: Change, prefix: string, consequence = ""): Note {
  const { severity, acknowledged, reason = "", rule, message, at } = change;
  const acknowledgement = acknowledged ? ` Acknowledged: ${reason}` : "";
  return {
    level: acknowledged ? "notice" : severityDisplays[severity].annotation,
    rule,
    text: printableText(`${prefix}${message}${consequence}${acknowledgement} [${rule}]`),
    at,
  };
}

/** By full name of an edited field, the number of other features that its new code version changes. */
function countAffected(features: readonly FeatureDiff[]): ReadonlyMap<string, number> {
  const affected = new Map<string, number>();
  for (const { key, fields } of features) {
    const causes = fields.flatMap((field) => field.causes).filter(({ rule }) => rule === "code-version");
    const edited = new Set(causes.map(({ path }) => path.at(-1) ?? ""));
    for (const field of edited) {
      if (!field.startsWith(`${key}.`)) affected.set(field, (affected.get(field) ?? 0) + 1);
    }
  }
  return affected;
}

function describeAffected(
  key: string,
  { rule, subject }: Change,
  affected: ReadonlyMap<string, number>,
): string {
  const number = rule === "code-version" ? (affected.get(`${key}.${subject}`) ?? 0) : 0;
  return number === 0 ? "" : ` ${count(number, "feature")} affected downstream.`;
}

/** Notes of one line belong together; each note without a line is a group of its own. */
function groupByLocation(notes: readonly Note[]): Map<string, Note[]> {
  const groups = new Map<string, Note[]>();
  for (const [index, note] of notes.entries()) {
    const id = note.at === undefined ? `${index}` : `${note.at.file}:${note.at.line}`;
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    group.push(note);
  }
  return groups;
}

/** The most severe first; at one level, edits before consequences. */
function rankOf(notes: readonly Note[]): number {
  const isEdit = notes.some(({ rule }) => rule !== undefined && !isConsequence(rule));
  return levelOrder.indexOf(highestLevel(notes)) * 2 + (isEdit ? 0 : 1);
}

const levelOrder: readonly AnnotationLevel[] = ["error", "warning", "notice"];

function highestLevel(notes: readonly Note[]): AnnotationLevel {
  return levelOrder.find((level) => notes.some((note) => note.level === level)) ?? "notice";
}

function renderGroup(notes: readonly Note[]): string {
  const at = notes[0]?.at;
  const rules = [...new Set(notes.map(({ rule = "store" }) => rule))];
  const location = at === undefined ? {} : { file: at.file, line: at.line, col: at.column };
  const text = notes.map((note) => note.text).join("\n");
  return workflowCommand(highestLevel(notes), { ...location, title: rules.join(" ") }, text);
}
