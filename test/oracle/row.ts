/** A row as a plain object: column → value. MAPs and STRUCTs are objects, moments RFC 3339 texts. */
export type Row = Readonly<Record<string, unknown>>;

/** One text per combination of values, for use as a key. */
export function keyOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => keyPart(row[column] ?? null)));
}

/** Rows by key, each in its order. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function keyPart(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
