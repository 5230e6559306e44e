import { showableSentence } from "../diagnostics/display-text.ts";
import { type AnnotationLevel, workflowCommand } from "../diagnostics/workflow-command.ts";
import type { ChangeSeverity, RuleId } from "../diff/model/rule.ts";
import type { Change, FeatureDiff, Location, VersionDiff } from "../diff/model/version-diff.ts";
import { isConsequence } from "../diff/rules.ts";
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
  const notes = [...groupByLocation(findNotes(diff)).values()].sort((a, b) => rankOf(a) - rankOf(b));
  const totals = workflowCommand("notice", { title: "Versions" }, describeTotals(diff));
  const fallback =
    diff.baseFallback === undefined
      ? []
      : [workflowCommand("warning", { title: "Versions" }, diff.baseFallback)];
  return [...fallback, ...(diff.before === undefined ? [] : [totals]), ...notes.map(renderLocation)].join("");
}

/** A change as an annotation tells it. */
interface Note {
  readonly level: AnnotationLevel;
  /** Absent where a store says it. */
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

/** What keeps a feature from running fails a pipeline: it is as loud as an error. */
function tableNotes(feature: FeatureDiff): Note[] {
  const steps = feature.table?.steps ?? [];
  const columns = new Set(steps.flatMap((step) => (step.kind === "add-fields" ? [] : [step.column])));
  const at = feature.changes.find(({ subject = "", at: location }) => columns.has(subject) && location)?.at;
  const note = (level: AnnotationLevel) => (text: string) => ({ level, text: showableSentence(text), at });
  return [
    ...describeBlocked(feature, String).map(note("error")),
    ...describeTableChanges(feature, String).map(note("notice")),
  ];
}

function noteOf(change: Change, prefix: string, consequence = ""): Note {
  const { severity, acknowledged, reason = "", rule, message, at } = change;
  const acknowledgement = acknowledged ? ` Acknowledged: ${reason}` : "";
  return {
    level: acknowledged ? "notice" : levels[severity],
    rule,
    text: showableSentence(`${prefix}${message}${consequence}${acknowledgement} [${rule}]`),
    at,
  };
}

const levels: Readonly<Record<ChangeSeverity, AnnotationLevel>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** By full name of an edited field, how many other features follow a new code version of it. */
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

/** Notes of one line belong together; those without a line stand alone. */
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

/** Loud ones first; at one level, edits before what follows from them. */
function rankOf(notes: readonly Note[]): number {
  const isEdit = notes.some(({ rule }) => rule !== undefined && !isConsequence(rule));
  return levelOrder.indexOf(highestLevel(notes)) * 2 + (isEdit ? 0 : 1);
}

const levelOrder: readonly AnnotationLevel[] = ["error", "warning", "notice"];

function highestLevel(notes: readonly Note[]): AnnotationLevel {
  return levelOrder.find((level) => notes.some((note) => note.level === level)) ?? "notice";
}

function renderLocation(notes: readonly Note[]): string {
  const at = notes[0]?.at;
  const rules = [...new Set(notes.map(({ rule = "store" }) => rule))];
  const location = at === undefined ? {} : { file: at.file, line: at.line, col: at.column };
  const text = notes.map((note) => note.text).join("\n");
  return workflowCommand(highestLevel(notes), { ...location, title: rules.join(" ") }, text);
}
