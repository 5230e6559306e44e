import colors from "yoctocolors";
import { describeCause } from "./describe-cause.ts";
import { describeTotals } from "./describe-totals.ts";
import { mostDirectFirst } from "./most-direct-first.ts";
import type { FeatureDiff, FeatureStatus, FieldDiff, VersionDiff } from "./version-diff.ts";

/** How the summary is to look. */
export interface SummaryOptions {
  readonly color: boolean;
  /** Width of the terminal; absent where the text does not go to one. */
  readonly columns?: number;
}

/** Renders a diff for a terminal: the totals, then each feature that moved. Untouched features are only counted. */
export function renderSummary(diff: VersionDiff, options: SummaryOptions): string {
  const touched = diff.before === undefined ? [] : mostDirectFirst(diff.features);
  const entries = touched.slice(0, listedFeatures).flatMap(featureEntries);
  const left = touched.length - listedFeatures;
  return [
    describeTotals(diff),
    ...diff.causes.map(({ message }) => message),
    ...(entries.length === 0 ? [] : ["", ...layOut(entries, options)]),
    ...(left > 0 ? [`  … and ${left} more`] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** More would push the totals off the screen. */
const listedFeatures = 50;

/** Causes shown of one field. */
const listedCauses = 4;

/** What is shown of a feature or a field. */
interface Entry {
  readonly name: string;
  readonly versions: string;
  readonly notes: readonly Note[];
  readonly status: FeatureStatus;
  readonly isFeature: boolean;
}

interface Note {
  readonly text: string;
  /** Said in passing. */
  readonly isAside: boolean;
}

function featureEntries(feature: FeatureDiff): Entry[] {
  const versions = describeVersions(feature.before?.featureVersion, feature.after?.featureVersion);
  const hasMoved = versions.includes(arrow);
  const note = hasMoved ? statusWord[feature.status] : unmovedWord[feature.status];
  const entry: Entry = {
    name: `${mark[feature.status]} ${feature.key}`,
    versions,
    notes: [{ text: note, isAside: false }],
    status: feature.status,
    isFeature: true,
  };
  return hasMoved ? [entry, ...feature.fields.map(fieldEntry)] : [entry];
}

function fieldEntry(field: FieldDiff): Entry {
  const left = field.causes.length - listedCauses;
  return {
    name: `    ${field.key}`,
    versions: describeVersions(field.before, field.after),
    notes: [
      ...(field.status === "added" || field.status === "removed"
        ? [{ text: field.status, isAside: false }]
        : []),
      ...field.causes.slice(0, listedCauses).flatMap((cause): Note[] => [
        { text: describeCause(cause), isAside: false },
        // The place of an edit stands once, at the edited field.
        ...(cause.at === undefined || cause.path.length > 1
          ? []
          : [{ text: `${cause.at.file}:${cause.at.line}:${cause.at.column}`, isAside: true }]),
      ]),
      ...(left > 0 ? [{ text: `and ${left} more causes`, isAside: true }] : []),
    ],
    status: field.status,
    isFeature: false,
  };
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
  definitionOnly: "definition only",
  unchanged: "untouched",
};

const unmovedWord: Readonly<Record<FeatureStatus, string>> = {
  ...statusWord,
  direct: "direct: ids, deps, columns or name changed, the version did not",
  definitionOnly: "definition only: descriptions or metadata changed, the version did not",
};

const arrow = " → ";

function describeVersions(before: string | undefined, after: string | undefined): string {
  const shown = before === after ? [after] : [before, after];
  return shown
    .filter((version) => version !== undefined)
    .map((version) => version.slice(0, 8))
    .join(arrow);
}

/** The notes of an entry stand beside its versions where the terminal is wide enough for them, else below. */
function layOut(entries: readonly Entry[], options: SummaryOptions): string[] {
  const nameWidth = widest(entries.map(({ name }) => name)) + 2;
  const versionsWidth = widest(entries.map(({ versions }) => versions)) + 2;
  const notesStart = nameWidth + versionsWidth;
  const width = options.columns ?? Number.POSITIVE_INFINITY;
  const paint = options.color ? colored : plain;
  return entries.flatMap((entry) => {
    const name = paint.name(entry.name.padEnd(nameWidth), entry);
    const notes = entry.notes.map(paint.note);
    if (notesStart + widest(entry.notes.map(({ text }) => text)) > width) {
      return [name + entry.versions, ...notes.map((note) => `      ${note}`)];
    }
    const [first = "", ...others] = notes;
    const line = name + (first === "" ? entry.versions : entry.versions.padEnd(versionsWidth)) + first;
    return [line, ...others.map((note) => " ".repeat(notesStart) + note)];
  });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}

interface Paint {
  name(text: string, entry: Entry): string;
  note(note: Note): string;
}

const plain: Paint = { name: (text) => text, note: ({ text }) => text };

const colored: Paint = {
  name(text, { status, isFeature }) {
    if (status === "added") return colors.green(text);
    if (status === "removed") return colors.red(text);
    return isFeature ? colors.bold(text) : text;
  },
  note: ({ text, isAside }) => (isAside ? colors.dim(text) : text),
};
