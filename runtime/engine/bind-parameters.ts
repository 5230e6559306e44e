import type { BoundValue } from "./engine.ts";

/** Values that SQL names as parameters. Statements made from the same filters share one collection. */
export class BindParameters {
  readonly #values = new Map<string, BoundValue>();

  /** Adds a value and gives its placeholder. */
  add(value: BoundValue): string {
    const name = `stemma_${this.#values.size + 1}`;
    this.#values.set(name, value);
    return `$${name}`;
  }

  /** The values that a statement names: an engine may refuse one that does not occur. */
  of(sql: string): Record<string, BoundValue> {
    const names = new Set([...sql.matchAll(/\$(stemma_\d+)/g)].map(([, name]) => name ?? ""));
    return Object.fromEntries([...this.#values].filter(([name]) => names.has(name)));
  }
}
