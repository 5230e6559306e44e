import { type ColumnType, printType } from "../../runtime/columns/column-type.ts";

/** Whether DuckDB stores both types alike: `INT64` is another name of `BIGINT`. */
export function isSameType(a: ColumnType, b: ColumnType): boolean {
  return storedType(a) === storedType(b);
}

function storedType(type: ColumnType): string {
  return type.kind === "scalar" && type.name === "INT64" ? "BIGINT" : printType(type);
}
