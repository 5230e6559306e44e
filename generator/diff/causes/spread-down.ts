import { type OldField, type ProjectPair, wasBefore } from "../project-pair.ts";
import { upstreamFirst } from "../upstream-first.ts";

/** Marks that reached fields from above, by full name of the field. */
export type Spread<Mark> = ReadonlyMap<string, ReadonlyMap<Mark, Way>>;

/** How a mark reached a field: through which parent, after how many steps. */
export interface Way {
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
export function spreadDown<Mark>(
  project: ProjectPair,
  own: (field: OldField) => ReadonlyMap<Mark, number>,
): Spread<Mark> {
  const spread = new Map<string, ReadonlyMap<Mark, Way>>();
  const fields = [...project.fields.values()].filter(wasBefore);
  const starts = new Map(fields.map((field) => [field, own(field)]));
  if ([...starts.values()].every(({ size }) => size === 0)) return spread;
  const items = fields.map((field) => [field.fullName, { field, above: field.before.parents }] as const);
  for (const [name, { field, above }] of upstreamFirst(new Map(items))) {
    const ways = new Map<Mark, Way>([...(starts.get(field) ?? [])].map(([mark, steps]) => [mark, { steps }]));
    for (const parent of above) {
      for (const [mark, { steps }] of spread.get(parent) ?? []) {
        const shortest = ways.get(mark)?.steps ?? Number.POSITIVE_INFINITY;
        if (steps + 1 < shortest) ways.set(mark, { steps: steps + 1, through: parent });
      }
    }
    spread.set(name, ways);
  }
  return spread;
}

/** Full names from a field up to where a mark set out. */
export function wayUp<Mark>(name: string, mark: Mark, spread: Spread<Mark>): string[] {
  const path = [name];
  for (let next = spread.get(name)?.get(mark)?.through; next !== undefined; ) {
    path.push(next);
    next = spread.get(next)?.get(mark)?.through;
  }
  return path;
}
