import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
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
    return `${quoteIdentifier(only)} IN (${tuples.map((tuple) => literal(tuple[only])).join(", ")})`;
  const conditions = tuples.map((tuple) =>
    columns.map((column) => `${quoteIdentifier(column)} = ${literal(tuple[column])}`).join(" AND "),
  );
  return conditions.map((condition) => `(${condition})`).join(" OR ");
}

/** Names and texts are quoted in filters as in SQL. */
function literal(value: unknown): string {
  return typeof value === "string" ? quoteLiteral(value) : String(value);
}

/** Orders tuples by their columns, one after the other: numbers by value, all else as text. */
export function compareTuples(one: Tuple, other: Tuple): number {
  for (const column of Object.keys(one)) {
    const [a, b] = [one[column], other[column]];
    if (a === b || b === undefined) continue;
    const [left, right] = isNumber(a) && isNumber(b) ? [a, b] : [String(a), String(b)];
    return left < right ? -1 : 1;
  }
  return Object.keys(one).length - Object.keys(other).length;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** The columns of a tuple that a feature declares. */
export function declaredPart(feature: AnyFeature, tuple: Tuple): Tuple {
  return Object.fromEntries(Object.entries(tuple).filter(([column]) => column in feature.spec.columns));
}
