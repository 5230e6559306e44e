import type { ColumnType } from "../../columns/column-type.ts";
import { type ScalarType, scalarTypes } from "../../columns/scalar-types.ts";
import { duckdbValues } from "../../dialect/duckdb-values.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { StoredColumns } from "./stored-table.ts";

/** Key columns of rows to look for: a table or query, and a condition on its rows. */
export interface RequestedKeys extends StoredColumns {
  readonly where?: string;
}

/**
 * SQL condition on stored rows that one of the wanted keys names them.
 *
 * A stored key may have another type than the spec declares, and then no value may pass for another one: whole numbers
 * are compared as such, times as times, and all else by its text.
 */
export function hasRequestedKey(
  columns: readonly string[],
  stored: StoredColumns,
  requested: RequestedKeys,
): string {
  const sides = columns.map((column) =>
    comparedAs(quoteIdentifier(column), stored.types.get(column), requested.types.get(column)),
  );
  const left = sides.map((side) => side.stored).join(", ");
  const right = sides.map((side) => side.requested).join(", ");
  const where = requested.where === undefined ? "" : ` WHERE ${requested.where}`;
  return `(${left}) IN (SELECT ${right} FROM ${requested.name}${where})`;
}

interface Sides {
  readonly stored: string;
  readonly requested: string;
}

function comparedAs(name: string, stored: ColumnType | undefined, requested: ColumnType | undefined): Sides {
  const [left, right] = [scalarOf(stored), scalarOf(requested)];
  if (left !== undefined && left.storage === right?.storage) return { stored: name, requested: name };
  const order = left?.order === right?.order ? left?.order : undefined;
  const compared =
    order === "number"
      ? duckdbValues.wholeNumber(name)
      : order === "time"
        ? duckdbValues.tryCast(name, duckdbValues.scalars.TIMESTAMPTZ.type)
        : duckdbValues.cast(name, duckdbValues.scalars.VARCHAR.type);
  return { stored: compared, requested: compared };
}

function scalarOf(type: ColumnType | undefined): ScalarType | undefined {
  return type?.kind === "scalar" ? scalarTypes[type.name] : undefined;
}
