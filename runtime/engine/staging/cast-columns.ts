import { type ColumnType, printType } from "../../columns/column-type.ts";
import { type ColumnTexts, parsedColumns } from "../../columns/parsed-columns.ts";
import type { StoredColumns } from "../../columns/stored-type.ts";
import { allItems, printPath } from "../../columns/values/value-path.ts";
import type { ValueShape } from "../../dialect/check-sql.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import { acceptType, shapeOf } from "./accept-type.ts";
import { IncompatibleType } from "./accepted.ts";
import type { ColumnCheck } from "./value-checks.ts";

/** A declared column of rows that arrived. */
export interface CastColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL of it in its declared type; null where it did not arrive. */
  readonly sql: string;
  /** What the arrived values must satisfy, so that the cast changes none of them. */
  readonly checks: readonly ColumnCheck[];
  /** Its shape as it arrived. */
  readonly arrived: ValueShape;
}

/**
 * The declared columns of rows for a feature, cast from the types in which they arrived. Without these, they arrived
 * in the declared types.
 *
 * Refuses types whose cast would change values, nested ones too: engines round 1.5 to 2, and drop members of a struct.
 */
export function castColumns(
  dialect: ValueDialect,
  columns: ColumnTexts,
  types: StoredColumns | undefined,
  { what, hint }: { readonly what: string; readonly hint: string },
): CastColumn[] {
  return [...parsedColumns(columns)].map(([name, { type }]) => {
    const declared = dialect.typeName(type);
    const column = { name, type, checks: [], arrived: type };
    if (types === undefined) return { ...column, sql: dialect.cast(quoteIdentifier(name), declared) };
    const arrived = types.get(name);
    if (arrived === undefined) return { ...column, sql: dialect.nullOf(declared) };
    try {
      const { cast, checks } = acceptType(dialect, type, arrived);
      return {
        ...column,
        sql: cast(quoteIdentifier(name)),
        checks: checks.map((check) => ({ column: name, ...check })),
        arrived: shapeOf(arrived),
      };
    } catch (error) {
      if (!(error instanceof IncompatibleType)) throw error;
      const path = printPath(
        name,
        error.steps.map((step) => (typeof step === "string" ? step : allItems)),
      );
      throw new InputError("wrong-type", `${path} of ${what} ${error.message}. ${hint}`, {
        column: name,
        path,
        arrived: arrived.text,
        declared: printType(type),
      });
    }
  });
}
