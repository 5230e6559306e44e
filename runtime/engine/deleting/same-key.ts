import type { ColumnType } from "../../columns/column-type.ts";
import { type ScalarType, scalarTypes } from "../../columns/scalar-types.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import type { StoredColumns } from "./stored-table.ts";

/** Key columns of the requested rows: a table or query, and a condition on its rows. */
export interface RequestedKeys extends StoredColumns {
  readonly where?: string;
}

/**
 * SQL condition that the key of a stored row is among the requested ones.
 *
 * A stored key may have another type than the spec declares. Values that differ must not compare as equal then: whole
 * numbers are compared as numbers, times as times, everything else as text.
 */
export function hasRequestedKey(
  values: ValueDialect,
  columns: readonly string[],
  stored: StoredColumns,
  requested: RequestedKeys,
): string {
  const sides = columns.map((column) =>
    comparedAs(values, quoteIdentifier(column), stored.types.get(column), requested.types.get(column)),
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

function comparedAs(
  values: ValueDialect,
  name: string,
  stored: ColumnType | undefined,
  requested: ColumnType | undefined,
): Sides {
  const [left, right] = [scalarOf(stored), scalarOf(requested)];
  if (left !== undefined && left.storage === right?.storage) return { stored: name, requested: name };
  const order = left?.order === right?.order ? left?.order : undefined;
  const compared =
    order === "number"
      ? values.wholeNumber(name)
      : order === "time"
        ? values.tryCast(name, values.scalars.TIMESTAMPTZ.type)
        : values.cast(name, values.scalars.VARCHAR.type);
  return { stored: compared, requested: compared };
}

function scalarOf(type: ColumnType | undefined): ScalarType | undefined {
  return type?.kind === "scalar" ? scalarTypes[type.name] : undefined;
}
