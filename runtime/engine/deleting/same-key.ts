import type { ColumnType } from "../../columns/column-type.ts";
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
  if (left !== undefined && left === right) return { stored: name, requested: name };
  if (isNumber(left) && isNumber(right)) return { stored: wholeNumber(name), requested: wholeNumber(name) };
  const time = `TRY_CAST(${name} AS TIMESTAMPTZ)`;
  if (isTime(left) && isTime(right)) return { stored: time, requested: time };
  return { stored: `${name}::VARCHAR`, requested: `${name}::VARCHAR` };
}

function scalarOf(type: ColumnType | undefined): string | undefined {
  if (type?.kind !== "scalar") return undefined;
  return type.name === "INT64" ? "BIGINT" : type.name;
}

function isNumber(type: string | undefined): boolean {
  return type === "BIGINT" || type === "DOUBLE";
}

function isTime(type: string | undefined): boolean {
  return type === "DATE" || type === "TIMESTAMPTZ";
}

/** A DOUBLE would round a large integer, so that it passed for its neighbour. */
function wholeNumber(name: string): string {
  return `CASE WHEN ${name} = trunc(${name}) THEN TRY_CAST(${name} AS HUGEINT) END`;
}
