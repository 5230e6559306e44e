import { type ColumnTexts, declaredType, parsedColumns } from "../../columns/parsed-columns.ts";
import type { RenamedFrom } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { columnFit } from "./fit/column-fit.ts";
import type { ValueFit } from "./fit/value-fit.ts";
import type { TableSchema } from "./physical-table.ts";

/** A column whose stored type differs from the declared one. */
export interface Misfit {
  readonly column: string;
  /** Type of the stored column, in the engine's words. */
  readonly stored: string;
  /** Type of the declared one, in the engine's words. */
  readonly declared: string;
  readonly fit: ValueFit;
}

/** What of a feature says how its columns are declared. */
export interface DeclaredColumns {
  readonly idColumns: readonly string[];
  /** Column → type, as `parseColumn` reads it. */
  readonly columns: ColumnTexts;
  /** What columns were called before. */
  readonly renamedFrom?: Pick<RenamedFrom, "columns">;
}

/** Whether a table has some of the declared columns, each of just its type. */
export function hasColumns(
  dialect: Dialect,
  columns: TableSchema["columns"],
  names: readonly string[],
  declared: DeclaredColumns["columns"],
): boolean {
  return names.every((name) => {
    const stored = columns.get(name);
    const type = declaredType(declared, name);
    return (
      stored !== undefined &&
      columnFit(dialect.values, stored, type, { isId: true, isOwn: true }).verdict === "equal"
    );
  });
}

/** The declared columns that a table has in another type. */
export function misfitsOf(
  dialect: Dialect,
  table: TableSchema,
  { idColumns, columns }: DeclaredColumns,
): Misfit[] {
  const { isOwn = false } = table;
  return [...parsedColumns(columns)].flatMap(([column, { type }]) => {
    const stored = table.columns.get(column);
    if (stored === undefined) return [];
    const fit = columnFit(dialect.values, stored, type, { isId: idColumns.includes(column), isOwn });
    if (fit.verdict === "equal") return [];
    return [{ column, stored: stored.text, declared: dialect.values.typeName(type), fit }];
  });
}
