import { showableSentence } from "../../diagnostics/display-text.ts";
import { type AnnotationLevel, workflowCommand } from "../../diagnostics/workflow-command.ts";
import type { ChangeSeverity, RuleId } from "../rule.ts";
import { isConsequence } from "../rules.ts";
import type { Change, FeatureDiff, Place, VersionDiff } from "../version-diff.ts";
import { count } from "./count.ts";
import { describeBlocked, describeTableChanges } from "./describe-table.ts";
import { describeTotals } from "./describe-totals.ts";

/**
 * Renders a diff as annotations of GitHub, at the edited lines. Each line has one, however much it changes.
 *
 * GitHub shows the first ten of each level of a step, so the totals come first, then the loudest and the most
 * direct.
 */
export function renderAnnotations(diff: VersionDiff): string {
  const notes = [...groupByPlace(findNotes(diff)).values()].sort((a, b) => rankOf(a) - rankOf(b));
  const totals = workflowCommand("notice", { title: "Versions" }, describeTotals(diff));
  const standIn =
    diff.standIn === undefined ? [] : [workflowCommand("warning", { title: "Versions" }, diff.standIn)];
  return [...standIn, ...(diff.before === undefined ? [] : [totals]), ...notes.map(renderPlace)].join("");
}

/** A change as an annotation tells it. */
interface Note {
  readonly level: AnnotationLevel;
  /** Absent where a store says it. */
  readonly rule?: RuleId;
  readonly text: string;
  readonly at: Place | undefined;
}

function findNotes({ causes, features }: VersionDiff): Note[] {
  const reach = countFollowers(features);
  return [
    ...causes.map((change) => noteOf(change, "")),
    ...features.flatMap(tableNotes),
    ...features.flatMap(({ key, changes }) => {
      const told = changes.filter(({ rule }) => rule !== "definition" && rule !== "feature-added");
      return told.map((change) => noteOf(change, `${key}: `, describeReach(key, change, reach)));
    }),
  ];
}

/** What keeps a feature from running fails a pipeline: it is as loud as an error. */
function tableNotes(feature: FeatureDiff): Note[] {
  const steps = feature.table?.steps ?? [];
  const columns = new Set(steps.flatMap((step) => (step.kind === "add-fields" ? [] : [step.column])));
  const at = feature.changes.find(({ subject = "", at: place }) => columns.has(subject) && place)?.at;
  const note = (level: AnnotationLevel) => (text: string) => ({ level, text: showableSentence(text), at });
  return [
    ...describeBlocked(feature, String).map(note("error")),
    ...describeTableChanges(feature, String).map(note("notice")),
  ];
}

function noteOf(change: Change, prefix: string, consequence = ""): Note {
  const { severity, acknowledged, reason = "", rule, message, at } = change;
  const signed = acknowledged ? ` Acknowledged: ${reason}` : "";
  return {
    level: acknowledged ? "notice" : levels[severity],
    rule,
    text: showableSentence(`${prefix}${message}${consequence}${signed} [${rule}]`),
    at,
  };
}

const levels: Readonly<Record<ChangeSeverity, AnnotationLevel>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** By full name of an edited field, how many other features follow a new code version of it. */
function countFollowers(features: readonly FeatureDiff[]): ReadonlyMap<string, number> {
  const reach = new Map<string, number>();
  for (const { key, fields } of features) {
    const causes = fields.flatMap((field) => field.causes).filter(({ rule }) => rule === "code-version");
    const edited = new Set(causes.map(({ path }) => path.at(-1) ?? ""));
    for (const field of edited) {
      if (!field.startsWith(`${key}.`)) reach.set(field, (reach.get(field) ?? 0) + 1);
    }
  }
  return reach;
}

function describeReach(key: string, { rule, subject }: Change, reach: ReadonlyMap<string, number>): string {
  const number = rule === "code-version" ? (reach.get(`${key}.${subject}`) ?? 0) : 0;
  return number === 0 ? "" : ` ${count(number, "feature")} ${number === 1 ? "follows" : "follow"}.`;
}

/** Notes of one line belong together; those without a line stand alone. */
function groupByPlace(notes: readonly Note[]): Map<string, Note[]> {
  const groups = new Map<string, Note[]>();
  for (const [index, note] of notes.entries()) {
    const id = note.at === undefined ? `${index}` : `${note.at.file}:${note.at.line}`;
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    group.push(note);
  }
  return groups;
}

/** Loud ones first; at one level, edits before what follows from them. */
function rankOf(notes: readonly Note[]): number {
  const isEdit = notes.some(({ rule }) => rule !== undefined && !isConsequence(rule));
  return loudness.indexOf(loudestOf(notes)) * 2 + (isEdit ? 0 : 1);
}

const loudness: readonly AnnotationLevel[] = ["error", "warning", "notice"];

function loudestOf(notes: readonly Note[]): AnnotationLevel {
  return loudness.find((level) => notes.some((note) => note.level === level)) ?? "notice";
}

function renderPlace(notes: readonly Note[]): string {
  const at = notes[0]?.at;
  const rules = [...new Set(notes.map(({ rule = "store" }) => rule))];
  const place = at === undefined ? {} : { file: at.file, line: at.line, col: at.column };
  const text = notes.map((note) => note.text).join("\n");
  return workflowCommand(loudestOf(notes), { ...place, title: rules.join(" ") }, text);
}
