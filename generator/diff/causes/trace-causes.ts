import type { ManifestField } from "../../manifest/manifest.ts";
import { type FieldPair, isMoved, type ProjectPair } from "../project-pair.ts";
import { type Downstream, upstreamFirst } from "../upstream-first.ts";
import type { Edit } from "./edit.ts";
import { findEdits, findRemoval } from "./find-edits.ts";

/** An edit that reached a field, and the way it took. */
export interface Trace {
  readonly edit: Edit;
  /** Full names from the field up to the edited one. */
  readonly path: readonly string[];
}

/**
 * All edits that moved each field, by full name, nearest first.
 *
 * Each field takes over what its parents collected, one step longer, so the work grows with fields and edits and never
 * with the number of paths, which can be astronomic. Parents are those of the state before: had none of its edits
 * happened, a field would still be computed from them. So a removed field hands on what would have moved it, too.
 */
export function traceCauses(project: ProjectPair): ReadonlyMap<string, readonly Trace[]> {
  const edits = new EditTable();
  const arrivals = new Map<string, Arrivals>();
  for (const { field } of lostFields(project).values()) {
    const own = isMoved(field) ? findEdits(field, project) : [findRemoval(field)];
    const unified = own.map((edit) => edits.unify(edit));
    arrivals.set(field.fullName, collect(field, unified, arrivals));
  }
  const moved = [...arrivals].filter(([name]) => project.fields.get(name)?.after !== undefined);
  return new Map(
    moved.map(([name, arrived]) => [
      name,
      [...arrived.keys()]
        .map((edit) => ({ edit, path: pathOf(name, edit, arrivals) }))
        .sort((a, b) => a.path.length - b.path.length),
    ]),
  );
}

/** A field that no longer has the version that it had: it moved, or went. */
type LostField = FieldPair & { readonly before: ManifestField };

function isLost(field: FieldPair): field is LostField {
  return field.before !== undefined && field.before.version !== field.after?.version;
}

/** Lost fields, each after its parents. */
function lostFields(project: ProjectPair): ReadonlyMap<string, Downstream & { readonly field: LostField }> {
  const lost = [...project.fields.values()].filter(isLost);
  return upstreamFirst(
    new Map(lost.map((field) => [field.fullName, { field, above: field.before.parents }])),
  );
}

/** How each edit reached a field: through which parent, after how many steps. */
type Arrivals = Map<Edit, Arrival>;

interface Arrival {
  readonly steps: number;
  /** Absent: the edit is the field's own, or that of a field right above which came. */
  readonly through?: string;
}

function collect(field: LostField, own: readonly Edit[], arrivals: ReadonlyMap<string, Arrivals>): Arrivals {
  const arrived: Arrivals = new Map();
  for (const edit of own) arrived.set(edit, { steps: edit.field === field.fullName ? 0 : 1 });
  for (const parent of field.before.parents) {
    for (const [edit, { steps }] of arrivals.get(parent) ?? []) {
      const shortest = arrived.get(edit)?.steps ?? Number.POSITIVE_INFINITY;
      if (steps + 1 < shortest) arrived.set(edit, { steps: steps + 1, through: parent });
    }
  }
  return arrived;
}

function pathOf(name: string, edit: Edit, arrivals: ReadonlyMap<string, Arrivals>): string[] {
  const path = [name];
  let next = arrivals.get(name)?.get(edit)?.through;
  while (next !== undefined) {
    path.push(next);
    next = arrivals.get(next)?.get(edit)?.through;
  }
  if (path.at(-1) !== edit.field) path.push(edit.field);
  return path;
}

/** Keeps one object for each edit, so that a field that came is one cause, whichever children report it. */
class EditTable {
  readonly #edits = new Map<string, Edit>();

  unify(edit: Edit): Edit {
    const identity = JSON.stringify([edit.rule, edit.field, edit.from, edit.to, edit.upstream]);
    const known = this.#edits.get(identity);
    if (known !== undefined) return known;
    this.#edits.set(identity, edit);
    return edit;
  }
}
