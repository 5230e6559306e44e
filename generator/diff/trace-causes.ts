import { type FeaturePair, type FieldPair, isMoved, type MovedField } from "./field-pair.ts";
import { type Edit, findEdits } from "./find-edits.ts";

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
 * happened, a field would still be computed from them.
 */
export function traceCauses(features: readonly FeaturePair[]): ReadonlyMap<string, readonly Trace[]> {
  const known = new Map(features.flatMap(({ fields }) => fields.map((field) => [field.fullName, field])));
  const edits = new EditTable();
  const arrivals = new Map<string, Arrivals>();
  for (const field of upstreamFirst(known)) {
    const own = findEdits(field, known).map((edit) => edits.unify(edit));
    arrivals.set(field.fullName, collect(field, own, arrivals));
  }
  return new Map(
    [...arrivals].map(([name, arrived]) => [
      name,
      [...arrived.keys()]
        .map((edit) => ({ edit, path: pathOf(name, edit, arrivals) }))
        .sort((a, b) => a.path.length - b.path.length),
    ]),
  );
}

/** How each edit reached a field: through which parent, after how many steps. */
type Arrivals = Map<Edit, Arrival>;

interface Arrival {
  readonly steps: number;
  /** Absent: the edit is the field's own, or that of a field right above which came or went. */
  readonly through?: string;
}

function collect(field: MovedField, own: readonly Edit[], arrivals: ReadonlyMap<string, Arrivals>): Arrivals {
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
    const identity = JSON.stringify([edit.rule, edit.field, edit.from, edit.to]);
    const known = this.#edits.get(identity);
    if (known !== undefined) return known;
    this.#edits.set(identity, edit);
    return edit;
  }
}

/** Moved fields, each after its moved parents. Fields on a cycle, which no compiled manifest has, are left out. */
function upstreamFirst(known: ReadonlyMap<string, FieldPair>): MovedField[] {
  const moved = new Map([...known].filter((entry): entry is [string, MovedField] => isMoved(entry[1])));
  const waitsFor = new Map<string, number>();
  const children = new Map<string, MovedField[]>([...moved.keys()].map((name) => [name, []]));
  const order: MovedField[] = [];
  for (const field of moved.values()) {
    const parents = field.before.parents.filter((parent) => moved.has(parent));
    for (const parent of parents) children.get(parent)?.push(field);
    waitsFor.set(field.fullName, parents.length);
    if (parents.length === 0) order.push(field);
  }
  // The list grows while it is walked.
  for (const { fullName } of order) {
    for (const child of children.get(fullName) ?? []) {
      const left = (waitsFor.get(child.fullName) ?? 0) - 1;
      waitsFor.set(child.fullName, left);
      if (left === 0) order.push(child);
    }
  }
  return order;
}
