import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBType,
  LIST,
  MAP,
  STRUCT,
  TIMESTAMPTZ,
  UUID,
  VARCHAR,
} from "@duckdb/node-api";
import type { ColumnType, ScalarName } from "../../columns/column-type.ts";

const scalars: { readonly [name in ScalarName]: DuckDBType } = {
  VARCHAR,
  BIGINT,
  INT64: BIGINT,
  DOUBLE,
  BOOLEAN,
  TIMESTAMPTZ,
  DATE,
  UUID,
};

/** The type in which values of a column cross into DuckDB. JSON crosses as its text. */
export function valueType(type: ColumnType): DuckDBType {
  switch (type.kind) {
    case "scalar":
      return scalars[type.name];
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
