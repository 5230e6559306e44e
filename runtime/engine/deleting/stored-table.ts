import type { DuckDBType } from "@duckdb/node-api";
import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
} from "@duckdb/node-api";
import type { ColumnType, ScalarName } from "../../columns/column-type.ts";
import type { Session } from "../../duckdb/session.ts";

/** A table or query, and its columns by what their values are: the nearest type of a spec, whatever the spec declares. */
export interface StoredColumns {
  /** To stand behind FROM. */
  readonly name: string;
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Looks at the columns of a table or query; no row is read. */
export async function storedColumns(session: Session, name: string): Promise<StoredColumns> {
  const columns = (await session.columnsOf(name)) ?? new Map<string, DuckDBType>();
  return { name, types: new Map([...columns].map(([column, type]) => [column, columnTypeOf(type)])) };
}

/** A type that a filter can only test for NULL. */
const opaque: ColumnType = { kind: "json" };

const scalars: { readonly [id in DuckDBTypeId]?: ScalarName } = {
  [DuckDBTypeId.BOOLEAN]: "BOOLEAN",
  [DuckDBTypeId.TINYINT]: "BIGINT",
  [DuckDBTypeId.SMALLINT]: "BIGINT",
  [DuckDBTypeId.INTEGER]: "BIGINT",
  [DuckDBTypeId.BIGINT]: "BIGINT",
  [DuckDBTypeId.UTINYINT]: "BIGINT",
  [DuckDBTypeId.USMALLINT]: "BIGINT",
  [DuckDBTypeId.UINTEGER]: "BIGINT",
  [DuckDBTypeId.UBIGINT]: "BIGINT",
  [DuckDBTypeId.HUGEINT]: "BIGINT",
  [DuckDBTypeId.UHUGEINT]: "BIGINT",
  [DuckDBTypeId.FLOAT]: "DOUBLE",
  [DuckDBTypeId.DOUBLE]: "DOUBLE",
  [DuckDBTypeId.DECIMAL]: "DOUBLE",
  [DuckDBTypeId.VARCHAR]: "VARCHAR",
  [DuckDBTypeId.ENUM]: "VARCHAR",
  [DuckDBTypeId.DATE]: "DATE",
  [DuckDBTypeId.TIMESTAMP]: "TIMESTAMPTZ",
  [DuckDBTypeId.TIMESTAMP_S]: "TIMESTAMPTZ",
  [DuckDBTypeId.TIMESTAMP_MS]: "TIMESTAMPTZ",
  [DuckDBTypeId.TIMESTAMP_NS]: "TIMESTAMPTZ",
  [DuckDBTypeId.TIMESTAMP_TZ]: "TIMESTAMPTZ",
  [DuckDBTypeId.UUID]: "UUID",
};

function columnTypeOf(type: DuckDBType): ColumnType {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType)
    return { kind: "list", items: columnTypeOf(type.valueType) };
  if (type instanceof DuckDBMapType) return { kind: "map", values: columnTypeOf(type.valueType) };
  if (type instanceof DuckDBStructType) {
    const members = type.entryNames.map((name, index) => {
      const entry = type.entryTypes[index];
      return { name, type: entry === undefined ? opaque : columnTypeOf(entry) };
    });
    return { kind: "struct", members };
  }
  const name = type.alias === "JSON" ? undefined : scalars[type.typeId];
  return name === undefined ? opaque : { kind: "scalar", name };
}
