import { upstreamFirst } from "../../pipeline/upstream-first.ts";
import { existedBefore, type OldField, type ProjectPair } from "../model/project-pair.ts";

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
export function propagate<Fact>(
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
export function pathTo<Fact>(name: string, fact: Fact, propagation: Propagation<Fact>): string[] {
  const path = [name];
  for (let next = propagation.get(name)?.get(fact)?.through; next !== undefined; ) {
    path.push(next);
    next = propagation.get(next)?.get(fact)?.through;
  }
  return path;
}
