import { type DuckDBMapType, type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import { type ColumnType, printType } from "../../columns/column-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";

/** The type of a stored column as DuckDB's syntax has it, JSON told from text at every depth. */
export function storedTypeSql(type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return `${storedTypeSql(type.valueType)}[]`;
    case DuckDBTypeId.ARRAY:
      return `${storedTypeSql(type.valueType)}[${type.length}]`;
    case DuckDBTypeId.MAP:
      return `MAP(${storedTypeSql(type.keyType)}, ${storedTypeSql(type.valueType)})`;
    case DuckDBTypeId.STRUCT:
      return `STRUCT(${structMembers(type)
        .map((member) => `${quoteIdentifier(member.name)} ${storedTypeSql(member.type)}`)
        .join(", ")})`;
    default:
      return isJson(type) ? "JSON" : String(type);
  }
}

/** Whether a type is JSON, which DuckDB keeps as a text under another name. */
export function isJson(type: DuckDBType): boolean {
  return type.typeId === DuckDBTypeId.VARCHAR && type.alias === "JSON";
}

/** Whether a type is a MAP, as the Python system may have for its by-field columns. */
export function isMap(type: DuckDBType | undefined): type is DuckDBMapType {
  return type?.typeId === DuckDBTypeId.MAP;
}

/** A member of a stored struct. */
export interface StoredMember {
  readonly name: string;
  readonly type: DuckDBType;
}

/** The members of a struct in their order; none of another type. */
export function structMembers(type: DuckDBType | undefined): readonly StoredMember[] {
  if (type?.typeId !== DuckDBTypeId.STRUCT) return [];
  const { entryNames, entryTypes } = type;
  return entryNames.map((name, index) => ({ name, type: entryTypes[index] as DuckDBType }));
}

/** Names of the members of a struct. */
export function memberNames(type: DuckDBType | undefined): readonly string[] {
  return structMembers(type).map(({ name }) => name);
}

/** The type in which a column of ours is stored: `INT64` is what DuckDB calls `BIGINT`. */
export function declaredTypeSql(type: ColumnType): string {
  switch (type.kind) {
    case "scalar":
      return type.name === "INT64" ? "BIGINT" : type.name;
    case "list":
      return `${declaredTypeSql(type.items)}[]`;
    case "map":
      return `MAP(VARCHAR, ${declaredTypeSql(type.values)})`;
    case "struct":
      return `STRUCT(${type.members.map((member) => `${quoteIdentifier(member.name)} ${declaredTypeSql(member.type)}`).join(", ")})`;
    case "json":
      return printType(type);
  }
}
