/** Something that stands below others of its kind. */
export interface Downstream {
  /** Names of the ones right above; those that are not among the items are ignored. */
  readonly above: readonly string[];
}

/** Orders items so that each comes after those above it. Those on a cycle, which nothing compiled has, are left out. */
export function upstreamFirst<Item extends Downstream>(items: ReadonlyMap<string, Item>): Map<string, Item> {
  const waitsFor = new Map<string, number>();
  const below = new Map<string, string[]>([...items.keys()].map((name) => [name, []]));
  const order = new Map<string, Item>();
  for (const [name, item] of items) {
    const above = item.above.filter((other) => items.has(other));
    for (const other of above) below.get(other)?.push(name);
    waitsFor.set(name, above.length);
    if (above.length === 0) order.set(name, item);
  }
  // A map goes on to what is added while it is walked.
  for (const [name] of order) {
    for (const other of below.get(name) ?? []) {
      const left = (waitsFor.get(other) ?? 0) - 1;
      waitsFor.set(other, left);
      const item = items.get(other);
      if (left === 0 && item !== undefined) order.set(other, item);
    }
  }
  return order;
}
