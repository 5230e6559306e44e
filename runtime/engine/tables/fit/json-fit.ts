import type { ColumnType, ScalarName } from "../../../columns/column-type.ts";
import { quoteIdentifier, quoteLiteral } from "../../../dialect/sql-text.ts";
import { declaredTypeSql } from "../stored-type.ts";
import { asIs, tryCast, type ValueFit, type ValueSql } from "./value-fit.ts";

/** SQL that reads a JSON value as one of a declared type, and whether it is exactly one. JSON's null is NULL. */
interface JsonReading {
  readonly value: ValueSql;
  readonly isOne: ValueSql;
}

/** How a declared type lies in a stored JSON column, as an earlier reading of a schema may have left it. */
export function fitInJson(declared: ColumnType): ValueFit {
  const { value, isOne } = jsonReading(declared);
  return {
    verdict: "widened",
    read: value,
    readable: isOne,
    write: (sql) => `to_json(${sql})`,
    writable: (sql, depth) => `${value(`to_json(${sql})`, depth)} IS NOT DISTINCT FROM ${sql}`,
    widen: value,
    widenedType: declaredTypeSql(declared),
    isPlain: false,
  };
}

/** How JSON lies in a column of texts that another program made: written down as text. */
export const jsonInText: ValueFit = {
  verdict: "kept",
  read: tryCast("JSON"),
  readable: (sql) => `coalesce(json_valid(${sql}), true)`,
  write: (sql) => `(${sql})::VARCHAR`,
  widen: asIs,
  widenedType: "VARCHAR",
  isPlain: true,
};

/** How JSON lies in a column of a plain type of our own: each stored value is its JSON. */
export function jsonInPlain(stored: string): ValueFit {
  const readable = inJson[stored];
  return {
    verdict: "widened",
    read: (sql) => `to_json(${sql})`,
    ...(readable === undefined ? {} : { readable }),
    write: () => `NULL::${stored}`,
    writable: (sql) => `(${sql}) IS NULL`,
    widen: (sql) => `to_json(${sql})`,
    widenedType: "JSON",
    isPlain: false,
  };
}

/** Types whose values are one JSON value each, whoever prints them. */
export const plainInJson: ReadonlySet<string> = new Set(["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"]);

/** Which of their values JSON has: JavaScript reads its numbers as doubles. */
const inJson: Readonly<Record<string, ValueSql>> = {
  BIGINT: (sql) => `coalesce(abs(${sql}::HUGEINT) <= 9007199254740991, true)`,
  DOUBLE: (sql) => `coalesce(isfinite(${sql}), true)`,
};

const scalars: Readonly<Record<ScalarName, JsonReading>> = {
  VARCHAR: { value: textOf, isOne: hasType("VARCHAR") },
  BIGINT: integer(),
  INT64: integer(),
  DOUBLE: {
    value: (sql) => `TRY_CAST((${sql})::VARCHAR AS DOUBLE)`,
    isOne: (sql) =>
      orNull(
        sql,
        `json_type(${sql}) = 'DOUBLE' AND isfinite(TRY_CAST((${sql})::VARCHAR AS DOUBLE))
         OR json_type(${sql}) IN ('BIGINT', 'UBIGINT')
         AND TRY_CAST(TRY_CAST((${sql})::VARCHAR AS DOUBLE) AS HUGEINT) = TRY_CAST((${sql})::VARCHAR AS HUGEINT)`,
      ),
  },
  BOOLEAN: { value: (sql) => `TRY_CAST((${sql})::VARCHAR AS BOOLEAN)`, isOne: hasType("BOOLEAN") },
  DATE: text("DATE"),
  UUID: text("UUID"),
  TIMESTAMPTZ: {
    value: (sql) => `TRY_CAST(${textOf(sql)} AS TIMESTAMPTZ)`,
    isOne: (sql) =>
      orNull(
        sql,
        `json_type(${sql}) = 'VARCHAR' AND regexp_matches(${textOf(sql)}, '[0-9]([.][0-9]{1,6}0*)?([Zz]|[+-][0-9]{2}:[0-9]{2})$')
         AND TRY_CAST(${textOf(sql)} AS TIMESTAMPTZ) IS NOT NULL`,
      ),
  },
};

function jsonReading(declared: ColumnType): JsonReading {
  switch (declared.kind) {
    case "scalar":
      return scalars[declared.name];
    case "json":
      return { value: asIs, isOne: () => "true" };
    case "list":
      return listReading(jsonReading(declared.items));
    case "map":
      return mapReading(jsonReading(declared.values));
    case "struct":
      return structReading(declared);
  }
}

function listReading(item: JsonReading): JsonReading {
  const items: ValueSql = (sql) =>
    `CASE WHEN json_type(${sql}) = 'ARRAY' THEN json_extract(${sql}, '$[*]') END`;
  return {
    value: (sql, depth = 0) =>
      `list_transform(${items(sql)}, lambda j${depth}: ${item.value(`j${depth}`, depth + 1)})`,
    isOne: (sql, depth = 0) =>
      orNull(
        sql,
        `json_type(${sql}) = 'ARRAY' AND coalesce(list_bool_and(
           list_transform(${items(sql)}, lambda j${depth}: ${item.isOne(`j${depth}`, depth + 1)})), true)`,
      ),
  };
}

function mapReading(value: JsonReading): JsonReading {
  const keys: ValueSql = (sql) => `CASE WHEN json_type(${sql}) = 'OBJECT' THEN json_keys(${sql}) END`;
  const at = (sql: string, key: string) =>
    `json_extract(${sql}, '/' || replace(replace(${key}, '~', '~0'), '/', '~1'))`;
  return {
    value: (sql, depth = 0) =>
      `map_from_entries(list_transform(${keys(sql)}, lambda j${depth}:
         struct_pack(key := j${depth}, value := ${value.value(at(sql, `j${depth}`), depth + 1)})))`,
    isOne: (sql, depth = 0) =>
      orNull(
        sql,
        `json_type(${sql}) = 'OBJECT' AND coalesce(list_bool_and(
           list_transform(${keys(sql)}, lambda j${depth}: ${value.isOne(at(sql, `j${depth}`), depth + 1)})), true)`,
      ),
  };
}

function structReading({ members }: Extract<ColumnType, { kind: "struct" }>): JsonReading {
  const readings = members.map(({ name, type }) => {
    const pointer = quoteLiteral(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    const at: ValueSql = (sql) => `json_extract(${sql}, ${pointer})`;
    return { name, at, ...jsonReading(type) };
  });
  const names = `[${members.map(({ name }) => quoteLiteral(name)).join(", ")}]`;
  return {
    value: (sql, depth) =>
      `CASE WHEN json_type(${sql}) = 'OBJECT' THEN struct_pack(${readings
        .map(({ name, at, value }) => `${quoteIdentifier(name)} := ${value(at(sql), depth)}`)
        .join(", ")}) END`,
    isOne: (sql, depth) =>
      orNull(
        sql,
        [
          `json_type(${sql}) = 'OBJECT' AND list_has_all(${names}, json_keys(${sql}))`,
          ...readings.map(({ at, isOne }) => isOne(at(sql), depth)),
        ].join(" AND "),
      ),
  };
}

function textOf(sql: string): string {
  return `(${sql} ->> '$')`;
}

function hasType(name: string): ValueSql {
  return (sql) => orNull(sql, `json_type(${sql}) = '${name}'`);
}

function integer(): JsonReading {
  const value: ValueSql = (sql) =>
    `CASE WHEN json_type(${sql}) IN ('BIGINT', 'UBIGINT') THEN TRY_CAST((${sql})::VARCHAR AS BIGINT) END`;
  return { value, isOne: (sql) => orNull(sql, `${value(sql)} IS NOT NULL`) };
}

/** A type that JSON writes as text: the text must be the one that the type prints. */
function text(type: string): JsonReading {
  const value: ValueSql = (sql) => `TRY_CAST(${textOf(sql)} AS ${type})`;
  return {
    value,
    isOne: (sql) => orNull(sql, `json_type(${sql}) = 'VARCHAR' AND ${value(sql)}::VARCHAR = ${textOf(sql)}`),
  };
}

/** A condition on a JSON value that is there. */
function orNull(sql: string, condition: string): string {
  return `(${sql} IS NULL OR coalesce(json_type(${sql}) = 'NULL' OR ${condition}, false))`;
}
