import { scalarOfSchema } from "../columns/scalar-types.ts";
import type { Constraint, PlacedConstraint } from "../contract.ts";
import { quoteInCheck } from "./check-placeholder.ts";
import { brokenSql } from "./check-sql.ts";
import { multipleOfSql, numberSql } from "./duckdb-numbers.ts";
import type { ValueDialect } from "./value-dialect.ts";

const text = "json_extract_string($value, '$')";
const number = "TRY_CAST($value AS DOUBLE)";

/**
 * SQL of a constraint on a JSON value: false where it breaks it. As in JSON Schema, a keyword for one type allows all
 * values of other types. `list` is SQL of a list of JSON values, to be checked instead.
 */
export function jsonConstraintSql(dialect: ValueDialect, constraint: Constraint, list?: string): string {
  switch (constraint.keyword) {
    case "required":
      return "$value IS NOT NULL";
    case "type":
      return constraint.value === undefined ? "$value IS NOT NULL" : typeSql(constraint.value);
    case "enum":
      return enumSql(constraint.value);
    case "minimum":
      return ofNumber(`${number} >= ${numberSql(constraint.value)}`);
    case "maximum":
      return ofNumber(`${number} <= ${numberSql(constraint.value)}`);
    case "exclusiveMinimum":
      return ofNumber(`${number} > ${numberSql(constraint.value)}`);
    case "exclusiveMaximum":
      return ofNumber(`${number} < ${numberSql(constraint.value)}`);
    case "multipleOf":
      return ofNumber(multipleOfSql(number, constraint));
    case "minLength":
      return ofText(`length(${text}) >= ${constraint.value}`);
    case "maxLength":
      return ofText(`length(${text}) <= ${constraint.value}`);
    case "pattern":
      return ofText(`regexp_matches(${text}, ${quoteInCheck(constraint.value)})`);
    case "format":
      return ofText(formatSql(dialect, constraint.value));
    case "minItems":
      return ofArray(`json_array_length($value) >= ${constraint.value}`);
    case "maxItems":
      return ofArray(`json_array_length($value) <= ${constraint.value}`);
    case "uniqueItems":
      return distinct(list ?? "TRY_CAST($value AS JSON[])");
    case "additionalProperties":
      return `list_has_all([${constraint.value.map(quoteInCheck).join(", ")}]::VARCHAR[], json_keys($value))`;
    case "anyOf":
      return `$value IS NULL OR ${constraint.value.map((all) => `NOT ${isBroken(dialect, all)}`).join(" OR ")}`;
    case "oneOf": {
      const fitting = constraint.value.map((all) => `CASE WHEN ${isBroken(dialect, all)} THEN 0 ELSE 1 END`);
      return `$value IS NULL OR ${fitting.join(" + ")} = 1`;
    }
  }
}

function formatSql({ scalars }: ValueDialect, format: string): string {
  const { isText } = scalars[scalarOfSchema("string", format)];
  if (isText === undefined) throw new Error(`No scalar type has the format ${format}`);
  return isText(text);
}

function isBroken(dialect: ValueDialect, constraints: readonly PlacedConstraint[]): string {
  const checks = constraints.map((placed) => ({ steps: placed.at, sql: jsonConstraintSql(dialect, placed) }));
  const broken = brokenSql(dialect, { sql: "$value", shape: { kind: "json" } }, checks, "item");
  return `coalesce(${broken}, false)`;
}

const duckTypes: Readonly<Record<string, readonly string[]>> = {
  string: ["VARCHAR"],
  number: ["BIGINT", "UBIGINT", "DOUBLE"],
  integer: ["BIGINT", "UBIGINT"],
  boolean: ["BOOLEAN"],
  array: ["ARRAY"],
  object: ["OBJECT"],
  null: ["NULL"],
};

function typeSql(types: readonly string[]): string {
  const names = [...new Set(types.flatMap((type) => duckTypes[type] ?? []))];
  const listed = names.map((name) => `'${name}'`);
  const isOfType = `json_type($value) ${listed.length === 1 ? `= ${listed[0]}` : `IN (${listed.join(", ")})`}`;
  const isWhole = `json_type($value) = 'DOUBLE' AND ${number} % 1 = 0`;
  return types.includes("integer") && !types.includes("number") ? `${isOfType} OR ${isWhole}` : isOfType;
}

function enumSql(values: readonly unknown[]): string {
  const scalars = values.filter((value) => typeof value !== "object" || value === null);
  const others = values.filter((value) => !scalars.includes(value));
  const one = [
    ...(scalars.length > 0 ? [isScalarValue("$value", scalars)] : []),
    ...others.map((value) => isJsonValue("$value", value)),
  ].join(" OR ");
  return others.length === 0 ? one : `$value IS NULL OR coalesce(${one}, false)`;
}

/** Scalars in a form in which equal ones are equal: 1 and 1.0, "a" and "\\u0061". */
function distinct(list: string): string {
  const type = "coalesce(json_type(item), 'NULL')";
  const form = `CASE ${type} WHEN 'VARCHAR' THEN 's' || json_extract_string(item, '$')
    WHEN 'BOOLEAN' THEN item::VARCHAR WHEN 'NULL' THEN 'null' ELSE (TRY_CAST(item AS DOUBLE) + 0)::VARCHAR END`;
  const forms = `list_transform(${list}, lambda item: ${form.replaceAll(/\n\s*/g, " ")})`;
  return `len(list_distinct(${forms})) = len(${list})`;
}

function ofNumber(predicate: string): string {
  return `NOT ${isJsonNumber("$value")} OR ${predicate}`;
}

function ofText(predicate: string): string {
  return `json_type($value) <> 'VARCHAR' OR ${predicate}`;
}

function ofArray(predicate: string): string {
  return `json_type($value) <> 'ARRAY' OR ${predicate}`;
}

/** SQL: whether a JSON value is a number. */
function isJsonNumber(json: string): string {
  return `(json_type(${json}) IN ('BIGINT', 'UBIGINT', 'DOUBLE'))`;
}

/** SQL: whether a JSON value is one of some scalars. */
function isScalarValue(json: string, values: readonly unknown[]): string {
  const texts = values.filter((value) => typeof value === "string").map(quoteInCheck);
  const numbers = values.filter((value) => typeof value === "number").map(numberSql);
  const booleans = values.filter((value) => typeof value === "boolean").map((value) => `'${value}'`);
  const among = (type: string, value: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${type} AND ${value} IN (${list.join(", ")})`];
  const text = `json_extract_string(${json}, '$')`;
  return [
    ...among(`json_type(${json}) = 'VARCHAR'`, text, texts),
    ...among(isJsonNumber(json), `TRY_CAST(${json} AS DOUBLE)`, numbers),
    ...among(`json_type(${json}) = 'BOOLEAN'`, text, booleans),
    ...(values.includes(null) ? [`json_type(${json}) = 'NULL'`] : []),
  ]
    .map((test) => `(${test})`)
    .join(" OR ");
}

/** SQL: whether a JSON value is this one, however it is written. NULL counts as no. */
function isJsonValue(json: string, value: unknown): string {
  if (typeof value !== "object" || value === null) return `(${isScalarValue(json, [value])})`;
  const members = Object.entries(value).map(([name, member]) => {
    const pointer = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return isJsonValue(`json_extract(${json}, ${quoteInCheck(pointer)})`, member);
  });
  const whole = Array.isArray(value)
    ? `json_type(${json}) = 'ARRAY' AND json_array_length(${json}) = ${value.length}`
    : `json_type(${json}) = 'OBJECT' AND len(json_keys(${json})) = ${members.length}`;
  return `coalesce(${[whole, ...members].join(" AND ")}, false)`;
}
