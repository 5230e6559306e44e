import { parseColumn } from "../../columns/column-type.ts";
import type { RenamedFrom } from "../../contract.ts";
import { columnFit } from "./fit/column-fit.ts";
import type { ValueFit } from "./fit/value-fit.ts";
import type { TableSchema } from "./physical-table.ts";
import { declaredTypeSql, storedTypeSql } from "./stored-type.ts";

/** A column whose stored type differs from the declared one. */
export interface Misfit {
  readonly column: string;
  /** DuckDB type of the stored column. */
  readonly stored: string;
  /** DuckDB type of the declared one. */
  readonly declared: string;
  readonly fit: ValueFit;
}

/** What of a feature says how its columns are declared. */
export interface DeclaredColumns {
  readonly idColumns: readonly string[];
  /** Column → type, as `parseColumn` reads it. */
  readonly columns: { readonly [column: string]: string };
  /** What columns were called before. */
  readonly renamedFrom?: Pick<RenamedFrom, "columns">;
}

/** Whether a table has some of the declared columns, each of just its type. */
export function hasColumns(
  columns: TableSchema["columns"],
  names: readonly string[],
  declared: DeclaredColumns["columns"],
): boolean {
  return names.every((name) => {
    const stored = columns.get(name);
    const { type } = parseColumn(declared[name] ?? "VARCHAR");
    return stored !== undefined && columnFit(stored, type, { isId: true, isOwn: true }).verdict === "equal";
  });
}

/** The declared columns that a table has in another type. */
export function misfitsOf(table: TableSchema, { idColumns, columns }: DeclaredColumns): Misfit[] {
  const { isOwn = false } = table;
  return Object.entries(columns).flatMap(([column, text]) => {
    const stored = table.columns.get(column);
    if (stored === undefined) return [];
    const { type } = parseColumn(text);
    const fit = columnFit(stored, type, { isId: idColumns.includes(column), isOwn });
    if (fit.verdict === "equal") return [];
    return [{ column, stored: storedTypeSql(stored), declared: declaredTypeSql(type), fit }];
  });
}
