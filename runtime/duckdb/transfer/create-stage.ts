import { type DuckDBType, LIST, MAP, STRUCT, VARCHAR } from "@duckdb/node-api";
import type { ColumnType } from "../../columns/column-type.ts";
import { scalarTypes } from "../../columns/scalar-types.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { StagedColumn } from "../../engine/engine.ts";
import type { Session } from "../session.ts";
import { duckdbTypes } from "../stored-type.ts";

/** Creates the temporary table of a stage, and gives the types of its columns. */
export async function createStage(
  session: Session,
  table: string,
  columns: readonly StagedColumn[],
): Promise<readonly DuckDBType[]> {
  const types = columns.map(({ type }) => valueType(type));
  const declared = columns.map((column, index) => `${quoteIdentifier(column.name)} ${types[index]}`);
  await session.run(`CREATE OR REPLACE TEMP TABLE ${quoteIdentifier(table)} (${declared.join(", ")})`);
  return types;
}

/** The type in which values of a column cross into DuckDB. JSON crosses as its text. */
export function valueType(type: ColumnType): DuckDBType {
  switch (type.kind) {
    case "scalar":
      return duckdbTypes[scalarTypes[type.name].storage];
    case "json":
      return VARCHAR;
    case "list":
      return LIST(valueType(type.items));
    case "map":
      return MAP(VARCHAR, valueType(type.values));
    case "struct":
      return STRUCT(Object.fromEntries(type.members.map((member) => [member.name, valueType(member.type)])));
  }
}
