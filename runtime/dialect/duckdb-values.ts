import type { ColumnType } from "../columns/column-type.ts";
import { constraintSql } from "./duckdb-constraints.ts";
import { duckdbJson } from "./duckdb-json.ts";
import { duckdbScalars } from "./duckdb-scalars.ts";
import { quoteIdentifier } from "./sql-text.ts";
import type { ValueDialect } from "./value-dialect.ts";

/** How DuckDB spells values. */
export const duckdbValues: ValueDialect = {
  scalars: duckdbScalars,
  typeOfNull: "int32",
  typeName,
  listType: (item) => `${item}[]`,
  mapType: (value) => `MAP(VARCHAR, ${value})`,
  structType: (members) =>
    `STRUCT(${members.map(([name, type]) => `${quoteIdentifier(name)} ${type}`).join(", ")})`,
  cast: (value, type) => `${value}::${type}`,
  tryCast: (value, type) => `TRY_CAST(${value} AS ${type})`,
  nullOf: (type) => `NULL::${type}`,
  literal: (type, text) => duckdbScalars[type].literal(text),
  constraint: (constraint, type) => constraintSql(duckdbValues, constraint, type),
  struct: (members) =>
    `struct_pack(${members.map(([name, value]) => `${quoteIdentifier(name)} := ${value}`).join(", ")})`,
  // The parentheses keep DuckDB from reading `"box"."size"` as the column `size` of a relation named `box`.
  member: (struct, name) => `(${struct}).${quoteIdentifier(name)}`,
  list: (items) => `[${items.join(", ")}]`,
  listLength: (list) => `len(${list})`,
  mapItems,
  everyItem: (list, parameter, condition) =>
    `coalesce(list_bool_and(${mapItems(list, parameter, condition)}), true)`,
  hasTrue: (flags) => `list_contains(${flags}, true)`,
  firstTrue: (flags) => `list_position(${flags}, true)`,
  itemAt: (list, place) => `(${list})[${place}]`,
  mapOf: (keys, values) => `map(${keys}, ${values})`,
  emptyMap: (type) => `MAP {}::${type}`,
  mapKeys: (map) => `map_keys(${map})`,
  mapValues: (map) => `map_values(${map})`,
  mapValue: (map, key) => `${map}[${key}]`,
  isEmptyMap: (map) => `cardinality(${map}) = 0`,
  mapEachValue: (map, parameter, value) =>
    `map_from_entries(list_transform(map_entries(${map}), lambda ${parameter}:
         struct_pack(key := ${parameter}.key, value := ${value(`${parameter}.value`)})))`,
  hasAll: (all, some) => `list_has_all(${all}, ${some})`,
  matches: (text, pattern) => `regexp_matches(${text}, ${pattern})`,
  wholeNumber: (number) => `CASE WHEN ${number} = trunc(${number}) THEN TRY_CAST(${number} AS HUGEINT) END`,
  wideInteger: (integer) => `${integer}::HUGEINT`,
  isFinite: (value) => `isfinite(${value})`,
  isWholeMicroseconds: (time) => `epoch_ns(${time}) % 1000 = 0`,
  formatTime: (time) => `strftime(make_timestamp(epoch_us(${time})), '%Y-%m-%dT%H:%M:%S.%fZ')`,
  parseTime: (text) => `upper(${text})::TIMESTAMPTZ`,
  hasPlainYear: (time) => `isfinite(${time}) AND year(${time}) BETWEEN 0 AND 9999`,
  json: duckdbJson,
};

function typeName(type: ColumnType): string {
  switch (type.kind) {
    case "scalar":
      return duckdbScalars[type.name].type;
    case "json":
      return "JSON";
    case "list":
      return `${typeName(type.items)}[]`;
    case "map":
      return `MAP(VARCHAR, ${typeName(type.values)})`;
    case "struct":
      return `STRUCT(${type.members.map((member) => `${quoteIdentifier(member.name)} ${typeName(member.type)}`).join(", ")})`;
  }
}

function mapItems(list: string, parameter: string, item: string): string {
  return `list_transform(${list}, lambda ${parameter}: ${item})`;
}
