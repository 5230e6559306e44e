import { hasMoved, isMoved, type OldField, type ProjectPair } from "../model/project-pair.ts";
import type { Edit } from "./edit.ts";
import { findEdits, findHiddenEdits, hasHiddenEdits } from "./find-edits.ts";
import { type Propagation, pathTo, propagate } from "./propagate.ts";

/** An edit that reached a field, and by which path. */
export interface Trace {
  readonly edit: Edit;
  /** Full names from the field up to the edited one. */
  readonly path: readonly string[];
}

/**
 * All edits that changed the version of each field, by full name, nearest first. Without all of them, the field would have
 * its old version; with any single one of them, it would not.
 */
export function traceCauses(project: ProjectPair): ReadonlyMap<string, readonly Trace[]> {
  const moved = [...project.fields.values()].filter(isMoved);
  if (moved.length === 0) return new Map();
  const edits = new EditTable();
  // A removed field propagates the edits that would have changed it, too.
  const propagation = propagate(project, (field) => {
    const own = hasMoved(field) ? findEdits(field, project).map((edit) => edits.intern(edit)) : [];
    return new Map(own.map((edit) => [edit, edit.field === field.fullName ? 0 : 1]));
  });
  const hidden = propagate(project, (field) => new Map(hasHiddenEdits(field) ? [[field, 0]] : []));
  return new Map(
    moved.map(({ fullName }) => {
      const traces = [...(propagation.get(fullName)?.keys() ?? [])].map((edit) => ({
        edit,
        path: withEndpoint(edit.field, pathTo(fullName, edit, propagation)),
      }));
      const all = [...traces, ...hiddenTraces(fullName, traces, hidden, project)];
      return [fullName, all.sort((a, b) => a.path.length - b.path.length)];
    }),
  );
}

/**
 * The edits without an effect of their own that would have one if the causes of a field were undone. An example: a field
 * was removed, and its entry in the `excludeFields` of a mapping too; when the field returns, so must the entry.
 */
function hiddenTraces(
  name: string,
  traces: readonly Trace[],
  hidden: Propagation<OldField>,
  project: ProjectPair,
): Trace[] {
  const edited = [...(hidden.get(name)?.keys() ?? [])];
  const undone = new Set(traces.map(({ edit }) => edit));
  const found: Trace[] = [];
  let size: number;
  do {
    size = undone.size;
    for (const field of edited) {
      for (const edit of findHiddenEdits(field, undone, project)) {
        undone.add(edit);
        found.push({ edit, path: withEndpoint(edit.field, pathTo(name, field, hidden)) });
      }
    }
  } while (undone.size > size);
  return found;
}

/** Adds the edited field where the path lacks it: an added field was not a parent before. */
function withEndpoint(last: string, path: readonly string[]): readonly string[] {
  return path.at(-1) === last ? path : [...path, last];
}

/** Keeps one object for each edit, so that an added field is one cause, whichever children report it. */
class EditTable {
  readonly #edits = new Map<string, Edit>();

  intern(edit: Edit): Edit {
    const identity = JSON.stringify([edit.rule, edit.field, edit.from, edit.to, edit.upstream]);
    const known = this.#edits.get(identity);
    if (known !== undefined) return known;
    this.#edits.set(identity, edit);
    return edit;
  }
}
