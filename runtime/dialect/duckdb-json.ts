import type { ColumnType } from "../columns/column-type.ts";
import { quoteInCheck } from "./check-placeholder.ts";
import { duckdbScalars, orNull } from "./duckdb-scalars.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-text.ts";
import type { JsonDialect, JsonKind, JsonReading, ValueSql } from "./value-dialect.ts";

/** How DuckDB spells JSON. */
export const duckdbJson: JsonDialect = {
  null: "'null'::JSON",
  of: (value) => `to_json(${value})`,
  parse: (text) => `${text}::JSON`,
  tryParse: (text) => `TRY_CAST(${text} AS JSON)`,
  isKind: (json, kind) => `json_type(${json}) ${kinds[kind]}`,
  reading,
  text: (json) => `(${json} ->> '$')`,
  ofNumber: (number) => `CASE WHEN isfinite(${number}) THEN to_json(${number})
    WHEN isnan(${number}) THEN '"NaN"'::JSON WHEN ${number} > 0 THEN '"Infinity"'::JSON
    WHEN ${number} < 0 THEN '"-Infinity"'::JSON END`,
  members: (json, names) =>
    `json_extract(${json}, [${names.map((name) => quoteInCheck(pointer(name))).join(", ")}])`,
  objectKeys: (json) => `json_keys(${json})`,
  isValid: (text) => `coalesce(json_valid(${text}), true)`,
  problem,
  member: (json, name) => `json_extract(${json}, ${quoteInCheck(pointer(name))})`,
  items: (json) => `TRY_CAST(${json} AS JSON[])`,
  keys: (json, except) => parts(json, "key", except),
  values: (json, except) => parts(json, "value", except),
};

/** What `json_type` gives for each kind. */
const kinds: Readonly<Record<JsonKind, string>> = {
  null: "= 'NULL'",
  boolean: "= 'BOOLEAN'",
  integer: "IN ('BIGINT', 'UBIGINT')",
  number: "IN ('BIGINT', 'UBIGINT', 'DOUBLE')",
  string: "= 'VARCHAR'",
  array: "= 'ARRAY'",
  object: "= 'OBJECT'",
};

function parts(json: string, part: "key" | "value", except: readonly string[] = []): string {
  const map = `TRY_CAST(${json} AS MAP(VARCHAR, JSON))`;
  if (except.length === 0) return `map_${part}s(${map})`;
  const names = except.map(quoteInCheck).join(", ");
  const entries = `list_filter(map_entries(${map}), lambda entry: entry.key NOT IN (${names}))`;
  return `list_transform(${entries}, lambda entry: entry.${part})`;
}

function pointer(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function reading(declared: ColumnType): JsonReading {
  switch (declared.kind) {
    case "scalar":
      return duckdbScalars[declared.name].fromJson;
    case "json":
      return { value: (sql) => sql, isOne: () => "true" };
    case "list":
      return listReading(reading(declared.items));
    case "map":
      return mapReading(reading(declared.values));
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
    const at: ValueSql = (sql) => duckdbJson.member(sql, name);
    return { name, at, ...reading(type) };
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

/**
 * SQL over the text of a JSON value: what is wrong with it for other programs, null where nothing is.
 *
 * DuckDB takes NaN, Infinity and a comma too many, which are not JSON. JavaScript would round long integers, and make
 * null of 1e400. An integer beyond 2^53 is fine where a number holds it, or where it is what a number prints as.
 */
function problem(text: string): string {
  const bare = `regexp_replace(${text}, '"(?:[^"\\\\]|\\\\.)*"', '""', 'g')`;
  return `CASE
    WHEN NOT regexp_matches(${text}, '[0-9]{16}|[0-9.][eE][+-]?[0-9]{3}|,\\s*[\\]}]|[nN][aA][nN]|[iI][nN][fF]') THEN NULL
    WHEN regexp_matches(${bare}, ',\\s*[\\]}]|[nN][aA][nN]|[iI][nN][fF]') THEN 'syntax'
    WHEN list_contains(list_transform(regexp_extract_all(${bare}, '${numberToken}'), lambda n: ${isLossy("n")}), true) THEN 'number'
    END`.replaceAll(/\n\s*/g, " ");
}

const numberToken = "-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";

/** SQL: whether JavaScript reads a printed number as another one. */
function isLossy(token: string): string {
  const number = `TRY_CAST(${token} AS DOUBLE)`;
  const isInteger = `regexp_matches(${token}, '^-?[0-9]+$')`;
  const digits = `rtrim(ltrim(${token}, '-0'), '0')`;
  // The digits of the shortest print, without its exponent.
  const printed = `rtrim(ltrim(replace(regexp_extract(${number}::VARCHAR, '^-?([0-9.]+)', 1), '.', ''), '0'), '0')`;
  const isHeld = `coalesce(TRY_CAST(${token} AS HUGEINT) = TRY_CAST(${number} AS HUGEINT), false)`;
  return `CASE WHEN ${number} IS NULL OR isinf(${number}) THEN true
    WHEN ${number} = 0 THEN regexp_matches(${token}, '^-?[0.]*[1-9]')
    WHEN ${isInteger} AND length(${token}) > 15 THEN NOT (${isHeld} OR ${digits} = ${printed})
    ELSE false END`;
}
