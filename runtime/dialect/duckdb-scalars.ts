import type { ScalarName } from "../columns/scalar-types.ts";
import { textForms } from "../columns/text-forms.ts";
import { quoteLiteral } from "./sql-text.ts";
import type { JsonReading, ScalarDialect, ValueSql } from "./value-dialect.ts";

/** DuckDB's spelling of each scalar. */
export const duckdbScalars: Readonly<Record<ScalarName, ScalarDialect>> = {
  VARCHAR: {
    type: "VARCHAR",
    literal: quoteLiteral,
    isText: undefined,
    fromJson: { value: jsonString, isOne: hasType("VARCHAR") },
  },
  BIGINT: integer(),
  INT64: integer(),
  DOUBLE: {
    type: "DOUBLE",
    literal: (text) => `DOUBLE ${quoteLiteral(text)}`,
    isText: undefined,
    fromJson: {
      value: (sql) => `TRY_CAST((${sql})::VARCHAR AS DOUBLE)`,
      isOne: (sql) =>
        orNull(
          sql,
          `json_type(${sql}) = 'DOUBLE' AND isfinite(TRY_CAST((${sql})::VARCHAR AS DOUBLE))
         OR json_type(${sql}) IN ('BIGINT', 'UBIGINT')
         AND TRY_CAST(TRY_CAST((${sql})::VARCHAR AS DOUBLE) AS HUGEINT) = TRY_CAST((${sql})::VARCHAR AS HUGEINT)`,
        ),
    },
  },
  BOOLEAN: {
    type: "BOOLEAN",
    literal: (text) => text.toUpperCase(),
    isText: undefined,
    fromJson: { value: (sql) => `TRY_CAST((${sql})::VARCHAR AS BOOLEAN)`, isOne: hasType("BOOLEAN") },
  },
  TIMESTAMPTZ: {
    type: "TIMESTAMPTZ",
    literal: (text) => `TIMESTAMPTZ ${quoteLiteral(text)}`,
    // No finer than a microsecond.
    isText: (text) =>
      `regexp_matches(${text}, '${textForms.time}') AND TRY_CAST(upper(${text}) AS TIMESTAMPTZ) IS NOT NULL`,
    fromJson: {
      value: (sql) => `TRY_CAST(${jsonString(sql)} AS TIMESTAMPTZ)`,
      isOne: (sql) =>
        orNull(
          sql,
          `json_type(${sql}) = 'VARCHAR' AND regexp_matches(${jsonString(sql)}, '[0-9]([.][0-9]{1,6}0*)?([Zz]|[+-][0-9]{2}:[0-9]{2})$')
         AND TRY_CAST(${jsonString(sql)} AS TIMESTAMPTZ) IS NOT NULL`,
        ),
    },
  },
  DATE: {
    type: "DATE",
    literal: (text) => `DATE ${quoteLiteral(text)}`,
    isText: (text) =>
      `regexp_matches(${text}, '${textForms.date}') AND TRY_CAST(${text} AS DATE) IS NOT NULL`,
    fromJson: printed("DATE"),
  },
  UUID: {
    type: "UUID",
    literal: (text) => `UUID ${quoteLiteral(text)}`,
    isText: (text) => `regexp_matches(${text}, '${textForms.uuid}')`,
    fromJson: printed("UUID"),
  },
};

function integer(): ScalarDialect {
  const value: ValueSql = (sql) =>
    `CASE WHEN json_type(${sql}) IN ('BIGINT', 'UBIGINT') THEN TRY_CAST((${sql})::VARCHAR AS BIGINT) END`;
  return {
    type: "BIGINT",
    literal: (text) => text,
    isText: undefined,
    fromJson: { value, isOne: (sql) => orNull(sql, `${value(sql)} IS NOT NULL`) },
  };
}

/** A type that JSON writes as a string: the string must be the one that the type prints. */
function printed(type: string): JsonReading {
  const value: ValueSql = (sql) => `TRY_CAST(${jsonString(sql)} AS ${type})`;
  return {
    value,
    isOne: (sql) =>
      orNull(sql, `json_type(${sql}) = 'VARCHAR' AND ${value(sql)}::VARCHAR = ${jsonString(sql)}`),
  };
}

function jsonString(sql: string): string {
  return `(${sql} ->> '$')`;
}

function hasType(name: string): ValueSql {
  return (sql) => orNull(sql, `json_type(${sql}) = '${name}'`);
}

/** A condition on a JSON value that exists. */
export function orNull(sql: string, condition: string): string {
  return `(${sql} IS NULL OR coalesce(json_type(${sql}) = 'NULL' OR ${condition}, false))`;
}
