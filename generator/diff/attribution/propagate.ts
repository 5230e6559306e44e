import { existedBefore, type OldField, type ProjectPair } from "../model/project-pair.ts";
import { upstreamFirst } from "../model/upstream-first.ts";

/** Marks that reached fields from above, by full name of the field. */
export type Propagation<Fact> = ReadonlyMap<string, ReadonlyMap<Fact, Route>>;

/** How a mark reached a field: through which parent, after how many steps. */
export interface Route {
  readonly steps: number;
  /** Absent where it set out at the field. */
  readonly through?: string;
}

/**
 * Lets marks reach all fields below those at which they set out, each by a shortest way. `own` gives the marks of a
 * field, with how far off each is already.
 *
 * Each field takes over what its parents collected, one step longer, so the work grows with fields and marks and never
 * with the number of paths, which can be astronomic. Parents are those of the state before: had no edit been made, a
 * field would be computed from them.
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

/** Full names from a field up to where a mark set out. */
export function pathTo<Fact>(name: string, fact: Fact, propagation: Propagation<Fact>): string[] {
  const path = [name];
  for (let next = propagation.get(name)?.get(fact)?.through; next !== undefined; ) {
    path.push(next);
    next = propagation.get(next)?.get(fact)?.through;
  }
  return path;
}
