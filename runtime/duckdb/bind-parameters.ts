import type { DuckDBValue } from "@duckdb/node-api";

/** Values that stand in SQL as parameters. Statements made from the same filters share one collection. */
export class BindParameters {
  readonly #values = new Map<string, DuckDBValue>();

  /** Adds a value and gives its placeholder. */
  add(value: DuckDBValue): string {
    const name = `stemma_${this.#values.size + 1}`;
    this.#values.set(name, value);
    return `$${name}`;
  }

  /** The values that a statement names: DuckDB refuses one that does not occur. */
  of(sql: string): Record<string, DuckDBValue> {
    const names = new Set([...sql.matchAll(/\$(stemma_\d+)/g)].map(([, name]) => name ?? ""));
    return Object.fromEntries([...this.#values].filter(([name]) => names.has(name)));
  }
}
