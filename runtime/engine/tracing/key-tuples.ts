import type { AnyFeature } from "../../feature.ts";

/** Values of some columns of a sample. */
export type Tuple = Readonly<Record<string, unknown>>;

/** Tuples without repetitions. */
export class KeyTuples {
  readonly #byKey = new Map<string, Tuple>();

  /** Adds the values of some columns of a row under other names; nothing if the row lacks one of them. */
  add(row: Tuple, names: readonly (readonly [column: string, name: string])[]): void {
    const values = names.map(([column, name]) => [name, row[column]] as const);
    if (values.length === 0 || values.some(([, value]) => value === undefined || value === null)) return;
    const tuple = Object.fromEntries(values);
    this.#byKey.set(keyOf(tuple), tuple);
  }

  get all(): readonly Tuple[] {
    return [...this.#byKey.values()];
  }
}

/** A text that is equal for equal tuples, whatever the order of their columns. */
export function keyOf(tuple: Tuple): string {
  const entries = Object.entries(tuple).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries.map(([name, value]) => [name, String(value)]));
}

/** The filter that holds for rows with the values of one of some tuples. */
export function filterOf(tuples: readonly Tuple[]): string {
  if (tuples.length === 0) return "FALSE";
  const [first = {}] = tuples;
  const columns = Object.keys(first);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined)
    return `${quoted(only)} IN (${tuples.map((tuple) => literal(tuple[only])).join(", ")})`;
  const conditions = tuples.map((tuple) =>
    columns.map((column) => `${quoted(column)} = ${literal(tuple[column])}`).join(" AND "),
  );
  return conditions.map((condition) => `(${condition})`).join(" OR ");
}

function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}

function literal(value: unknown): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  return String(value);
}

/** The columns of a tuple that a feature declares. */
export function declaredPart(feature: AnyFeature, tuple: Tuple): Tuple {
  return Object.fromEntries(Object.entries(tuple).filter(([column]) => column in feature.spec.columns));
}
