import { upstreamFirst } from "../../pipeline/upstream-first.ts";
import { existedBefore, hasMoved, isMoved, type OldField, type ProjectPair } from "../model/project-pair.ts";
import type { Edit } from "./edit.ts";
import { findEdits, findHiddenEdits, hasHiddenEdits } from "./find-edits.ts";

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

/** The facts that reached each field, by full name of the field. */
export type Propagation<Fact> = ReadonlyMap<string, ReadonlyMap<Fact, Route>>;

/** How a fact reached a field. */
export interface Route {
  readonly steps: number;
  /** The parent through which it came; absent at the field where it starts. */
  readonly through?: string;
}

/**
 * Propagates facts from the fields where they start to all downstream fields, each by a shortest path. `seedsOf` returns
 * the facts of a field with their distance from it.
 *
 * Each field takes over the facts of its parents, one step longer, so the cost grows with fields and facts, not with the
 * number of paths, which can be exponential. Parents are those of the state before: without the edits, a field would be
 * computed from them.
 */
function propagate<Fact>(
  project: ProjectPair,
  seedsOf: (field: OldField) => ReadonlyMap<Fact, number>,
): Propagation<Fact> {
  const propagation = new Map<string, ReadonlyMap<Fact, Route>>();
  const fields = [...project.fields.values()].filter(existedBefore);
  const seeds = new Map(fields.map((field) => [field, seedsOf(field)]));
  if ([...seeds.values()].every(({ size }) => size === 0)) return propagation;
  const items = fields.map((field) => [field.fullName, { field, upstream: field.before.parents }] as const);
  for (const [name, { field, upstream }] of upstreamFirst(new Map(items))) {
    const routes = new Map<Fact, Route>(
      [...(seeds.get(field) ?? [])].map(([fact, steps]) => [fact, { steps }]),
    );
    for (const parent of upstream) {
      for (const [fact, { steps }] of propagation.get(parent) ?? []) {
        const shortest = routes.get(fact)?.steps ?? Number.POSITIVE_INFINITY;
        if (steps + 1 < shortest) routes.set(fact, { steps: steps + 1, through: parent });
      }
    }
    propagation.set(name, routes);
  }
  return propagation;
}

/** Full names from a field up to the field where a fact starts. */
function pathTo<Fact>(name: string, fact: Fact, propagation: Propagation<Fact>): string[] {
  const path = [name];
  for (let next = propagation.get(name)?.get(fact)?.through; next !== undefined; ) {
    path.push(next);
    next = propagation.get(next)?.get(fact)?.through;
  }
  return path;
}
