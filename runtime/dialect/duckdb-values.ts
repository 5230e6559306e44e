import type { ColumnType } from "../columns/column-type.ts";
import { scalarTypes } from "../columns/scalar-types.ts";
import type { Constraint } from "../contract.ts";
import { quoteInCheck } from "./check-placeholder.ts";
import { duckdbJson } from "./duckdb-json.ts";
import { jsonConstraintSql } from "./duckdb-json-constraints.ts";
import { multipleOfSql, numberSql } from "./duckdb-numbers.ts";
import { duckdbScalars } from "./duckdb-scalars.ts";
import { quoteIdentifier } from "./sql-text.ts";
import type { ValueDialect } from "./value-dialect.ts";

/** A predicate that refuses null, and nothing else. */
const isPresent = "$value IS NOT NULL";

/**
 * SQL of a constraint on values of a type, over `$value`: false where a value breaks it, true or null elsewhere.
 *
 * @example
 * ```ts
 * constraintSql(duckdbValues, { keyword: "minimum", value: 0 }, { kind: "scalar", name: "BIGINT" }); // "$value >= 0"
 * ```
 */
function constraintSql(dialect: ValueDialect, constraint: Constraint, type: ColumnType): string {
  if (type.kind === "json") return jsonConstraintSql(dialect, constraint);
  switch (constraint.keyword) {
    case "required":
    case "type":
      return isPresent;
    case "minimum":
      return `$value >= ${numberSql(constraint.value)}${withoutNan(type)}`;
    case "exclusiveMinimum":
      return `$value > ${numberSql(constraint.value)}${withoutNan(type)}`;
    case "maximum":
      return `$value <= ${numberSql(constraint.value)}`;
    case "exclusiveMaximum":
      return `$value < ${numberSql(constraint.value)}`;
    case "multipleOf":
      return multipleOfSql("$value", constraint);
    case "minLength":
      return `length($value) >= ${constraint.value}`;
    case "maxLength":
      return `length($value) <= ${constraint.value}`;
    case "pattern":
      return `regexp_matches($value, ${quoteInCheck(constraint.value)})`;
    case "enum":
      return `$value IN (${constraint.value
        .filter((value) => value !== null)
        .map(literal)
        .join(", ")})`;
    case "minItems":
      return `len($value) >= ${constraint.value}`;
    case "maxItems":
      return `len($value) <= ${constraint.value}`;
    case "uniqueItems":
      return uniqueItemsSql(dialect, constraint, type);
    case "format":
    case "additionalProperties":
    case "anyOf":
    case "oneOf":
      throw new Error(`${constraint.keyword} is a constraint on JSON alone`);
  }
}

function uniqueItemsSql(
  dialect: ValueDialect,
  constraint: Extract<Constraint, { keyword: "uniqueItems" }>,
  type: ColumnType,
): string {
  if (type.kind === "list" && type.items.kind === "json")
    return jsonConstraintSql(dialect, constraint, "$value");
  return constraint.nullable
    ? "len(list_distinct($value)) = list_count($value) AND len($value) - list_count($value) <= 1"
    : "len(list_distinct($value)) = len($value)";
}

/** For DuckDB, NaN is greater than all numbers. */
function withoutNan(type: ColumnType): string {
  const isNumber = type.kind === "scalar" && scalarTypes[type.name].constraints === "number";
  return isNumber ? " AND NOT isnan($value)" : "";
}

function literal(value: unknown): string {
  if (typeof value === "string") return quoteInCheck(value);
  return typeof value === "number" ? numberSql(value) : String(value).toUpperCase();
}

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
  repeatsItem: (list) => `len(list_distinct(${list})) < len(${list})`,
  hasTrue: (flags) => `list_contains(${flags}, true)`,
  firstTrue: (flags) => `list_position(${flags}, true)`,
  itemAt: (list, place) => `(${list})[${place}]`,
  mapOf: (keys, values) => `map(${keys}, ${values})`,
  emptyMap: (type) => `MAP {}::${type}`,
  eachKey: (map) => `unnest(map_keys(${map}))`,
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
  fromBytes: (bytes, type) => {
    // A plain cast of bytes to JSON gives a string with escapes, and no error.
    const text = `decode(${bytes})`;
    return type === "uuid" ? `${bytes}::UUID` : type === "json" ? `${text}::JSON` : text;
  },
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
