import { type ColumnType, printType } from "../../columns/column-type.ts";
import { type ColumnTexts, parsedColumns } from "../../columns/parsed-columns.ts";
import type { ScalarName } from "../../columns/scalar-types.ts";
import { isScalar, type StoredColumns, type StoredType } from "../../columns/stored-type.ts";
import { allItems, printPath } from "../../columns/values/value-path.ts";
import type { ValueShape } from "../../dialect/check-sql.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import { acceptType, shapeOf } from "./accept-type.ts";
import { type Accepted, IncompatibleType } from "./accepted.ts";
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

/** How rows that arrived are cast, and what messages say of them. */
export interface CastOptions {
  /** What messages call the rows. */
  readonly what: string;
  /** What to do about a type that does not fit. */
  readonly hint: string | ((bytes: readonly BytesColumn[]) => string);
  /** Compares an arrived type with a declared one. Default: by the rules for queries. */
  readonly accept?: (dialect: ValueDialect, declared: ColumnType, arrived: StoredType) => Accepted;
}

/** A column that arrived as bytes, and is declared as something that other programs write so. */
export interface BytesColumn {
  readonly name: string;
  readonly type: "text" | "json" | "uuid";
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
  { what, hint, accept = acceptType }: CastOptions,
): CastColumn[] {
  return [...parsedColumns(columns)].map(([name, { type }]) => {
    const declared = dialect.typeName(type);
    const column = { name, type, checks: [], arrived: type };
    if (types === undefined) return { ...column, sql: dialect.cast(quoteIdentifier(name), declared) };
    const arrived = types.get(name);
    if (arrived === undefined) return { ...column, sql: dialect.nullOf(declared) };
    try {
      const { cast, checks } = accept(dialect, type, arrived);
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
      const advice = typeof hint === "string" ? hint : hint(columnsOfBytes(columns, types));
      throw new InputError("wrong-type", `${path} of ${what} ${error.message}. ${advice}`, {
        column: name,
        path,
        arrived: arrived.text,
        declared: printType(type),
      });
    }
  });
}

/** Polars and others write UUID and JSON into Parquet as bytes. */
function columnsOfBytes(columns: ColumnTexts, types: StoredColumns): BytesColumn[] {
  return [...parsedColumns(columns)].flatMap(([name, { type }]) => {
    const written =
      type.kind === "json" ? "json" : type.kind === "scalar" ? writtenAsBytes[type.name] : undefined;
    return written !== undefined && isScalar(types.get(name), "binary") ? [{ name, type: written }] : [];
  });
}

const writtenAsBytes: { readonly [name in ScalarName]?: BytesColumn["type"] } = {
  VARCHAR: "text",
  UUID: "uuid",
};
