/** A node of a dependency graph. */
export interface Downstream {
  /** Names of its direct upstream nodes; unknown names are ignored. */
  readonly upstream: readonly string[];
}

/** Sorts items topologically, upstream first. Items on a cycle, which no compiled project has, are left out. */
export function upstreamFirst<Item extends Downstream>(items: ReadonlyMap<string, Item>): Map<string, Item> {
  const inDegrees = new Map<string, number>();
  const downstream = new Map<string, string[]>([...items.keys()].map((name) => [name, []]));
  const order = new Map<string, Item>();
  for (const [name, item] of items) {
    const upstream = item.upstream.filter((other) => items.has(other));
    for (const other of upstream) downstream.get(other)?.push(name);
    inDegrees.set(name, upstream.length);
    if (upstream.length === 0) order.set(name, item);
  }
  // Iterating a map also visits what is added meanwhile.
  for (const [name] of order) {
    for (const other of downstream.get(name) ?? []) {
      const remaining = (inDegrees.get(other) ?? 0) - 1;
      inDegrees.set(other, remaining);
      const item = items.get(other);
      if (remaining === 0 && item !== undefined) order.set(other, item);
    }
  }
  return order;
}
