import { type ColumnFacts, type ColumnType, parseColumn } from "./column-type.ts";

/** Columns as generated modules and the manifest hold them: name → `VARCHAR NOT NULL`. */
export interface ColumnTexts {
  readonly [column: string]: string;
}

const known = new WeakMap<ColumnTexts, ReadonlyMap<string, ColumnFacts>>();

/**
 * The columns of a record by name. A record is parsed once: those of a module live as long as the module.
 *
 * @example
 * ```ts
 * parsedColumns(Audio.spec.columns).get("path"); // { type: { kind: "scalar", name: "VARCHAR" }, nullable: false }
 * ```
 */
export function parsedColumns(columns: ColumnTexts): ReadonlyMap<string, ColumnFacts> {
  const found = known.get(columns);
  if (found !== undefined) return found;
  const parsed = new Map(Object.entries(columns).map(([name, text]) => [name, parseColumn(text)]));
  known.set(columns, parsed);
  return parsed;
}

/** The type of a declared column. Throws where it is not declared: the compiler checks every name of a spec. */
export function declaredType(columns: ColumnTexts, name: string): ColumnType {
  const column = parsedColumns(columns).get(name);
  if (column === undefined) throw new Error(`The column ${name} is not declared`);
  return column.type;
}
