import type { Edit } from "../../generator/diff/attribution/edit.ts";
import type { EditedProject } from "./arbitrary-edits.ts";
import type { FeatureSketch, ProjectSketch } from "./project-sketch.ts";

/** The state after, but for some edits: each is undone by itself, as a user would undo it in the spec. */
export function undoEdits({ before, after }: EditedProject, edits: readonly Edit[]): ProjectSketch {
  const undone = new Set(edits.map(nameOf));
  const project: Record<string, FeatureSketch> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (was !== undefined && is !== undefined) project[key] = undoInFeature(key, was, is, undone);
    else if (is !== undefined) project[key] = is;
    else if (was !== undefined && undone.has(`feature ${key}`)) project[key] = was;
  }
  return project;
}

function undoInFeature(
  key: string,
  before: FeatureSketch,
  after: FeatureSketch,
  undone: ReadonlySet<string>,
): FeatureSketch {
  const deps = undoInRecord(before.deps, after.deps, {
    presence: (upstream) => undone.has(`dep ${key} ${upstream}`),
    content: (upstream, was, is) =>
      undone.has(`mapping ${key} ${upstream}`) ? { ...is, mapping: was.mapping } : is,
  });
  const fields = undoInRecord(before.fields, after.fields, {
    presence: (field) => undone.has(`field ${key}.${field}`),
    content: (field, was, is) => {
      const { code } = undone.has(`code ${key}.${field}`) ? was : is;
      const { deps: own } = undone.has(`own deps ${key}.${field}`) ? was : is;
      return own === undefined ? { code } : { code, deps: own };
    },
  });
  return { ...after, deps, fields };
}

interface Undo<Value> {
  /** Whether something came or went by an edit that is undone. */
  presence(key: string): boolean;
  /** What both states have, with its own edits undone. */
  content(key: string, was: Value, is: Value): Value;
}

function undoInRecord<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  undo: Undo<Value>,
): Record<string, Value> {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    keys.flatMap((key): [string, Value][] => {
      const [was, is] = [before[key], after[key]];
      if (was !== undefined && is !== undefined) return [[key, undo.content(key, was, is)]];
      const present = undo.presence(key) ? was : is;
      return present === undefined ? [] : [[key, present]];
    }),
  );
}

/** Names what an edit changed. Edits that two causes tell of two fields can be the same one. */
function nameOf({ rule, field, upstream }: Edit): string {
  const [feature] = field.split(".");
  switch (rule) {
    case "code-version":
      return `code ${field}`;
    case "field-lineage":
      return upstream === undefined ? `own deps ${field}` : `mapping ${feature} ${upstream}`;
    case "dep-added":
    case "dep-removed":
      return `dep ${feature} ${upstream}`;
    case "field-added":
    case "root-field-added":
    case "field-removed":
      return `field ${field}`;
    case "field-renamed":
    case "feature-renamed":
      return `name ${field}`;
    case "feature-removed":
      return `feature ${feature}`;
  }
}

/** Edits of which each changes something else. */
export function distinctEdits(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map((edit) => [nameOf(edit), edit])).values()];
}
