import type { ScalarName } from "../../columns/column-type.ts";
import { isDateSql, isTimeSql, isUuidSql } from "../../dialect/text-forms.ts";
import type { InputErrorCode } from "../../errors.ts";

/** What is asked of a value before it is cast: a predicate over `$value`, and what to say where it is false. */
export interface CastCheck {
  readonly sql: string;
  readonly code: InputErrorCode;
  readonly message: string;
}

/** How values of a DuckDB type become values of a declared scalar, none of them changed. */
export interface ScalarCast {
  readonly check?: CastCheck;
  /** SQL of the cast where a plain one would not do. */
  readonly cast?: (value: string) => string;
}

const small = /^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT|INT64)$/;
const huge = /^(UBIGINT|U?HUGEINT)$/;
const safe = "$value BETWEEN -9007199254740991 AND 9007199254740991";

const unsafeInteger: CastCheck = {
  sql: safe,
  code: "unsafe-integer",
  message: 'is beyond 2^53; declare it with "format": "int64"',
};

/** The cast of a DuckDB type to a declared scalar; undefined where it would change values. */
export function scalarCast(declared: ScalarName, arrived: string): ScalarCast | undefined {
  switch (declared) {
    case "VARCHAR":
      return /^(VARCHAR|ENUM\(.*\))$/s.test(arrived) ? {} : undefined;
    case "BOOLEAN":
      return arrived === "BOOLEAN" ? {} : undefined;
    case "BIGINT":
      if (huge.test(arrived)) return { check: unsafeInteger };
      return small.test(arrived) ? {} : undefined;
    case "INT64":
      if (huge.test(arrived)) return { check: checkOf64Bits };
      return small.test(arrived) ? {} : undefined;
    case "DOUBLE":
      return doubleCast(arrived);
    case "DATE":
      if (arrived === "VARCHAR") return { check: textCheck(isDateSql, "a date such as 2026-01-31") };
      return arrived === "DATE" ? {} : undefined;
    case "UUID":
      if (arrived === "VARCHAR") return { check: textCheck(isUuidSql, "a UUID such as 6f1b2c3d-…") };
      return arrived === "UUID" ? {} : undefined;
    case "TIMESTAMPTZ":
      return timeCast(arrived);
  }
}

const checkOf64Bits: CastCheck = {
  sql: "TRY_CAST($value AS BIGINT) IS NOT NULL",
  code: "wrong-type",
  message: "does not fit into 64 bits",
};

function doubleCast(arrived: string): ScalarCast | undefined {
  if (/^(FLOAT|DOUBLE|U?(TINYINT|SMALLINT|INTEGER))$/.test(arrived)) return {};
  if (/^(U?BIGINT|INT64|U?HUGEINT)$/.test(arrived)) {
    return { check: inexact(`TRY_CAST($value::DOUBLE AS ${arrived}) = $value`) };
  }
  const precision = Number(/^DECIMAL\((\d+),\d+\)$/.exec(arrived)?.[1] ?? Number.NaN);
  if (Number.isNaN(precision)) return undefined;
  if (precision <= 15) return {};
  // The cast of a longer one is not the nearest number.
  const cast = (value: string) => `${value}::VARCHAR::DOUBLE`;
  return { check: inexact(`TRY_CAST(${cast("$value")} AS ${arrived}) = $value`), cast };
}

function inexact(sql: string): CastCheck {
  return {
    sql: `coalesce(${sql}, $value IS NULL)`,
    code: "wrong-type",
    message: "would lose digits as a number; round it in the query, where you can see what that does",
  };
}

function timeCast(arrived: string): ScalarCast | undefined {
  const outOfRange = (sql: string): ScalarCast => ({
    check: { sql, code: "wrong-type", message: "is infinite, or not within the years 0 to 9999" },
  });
  switch (arrived) {
    case "TIMESTAMP WITH TIME ZONE":
    case "TIMESTAMPTZ":
    case "TIMESTAMP":
      return {};
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
      return outOfRange(`$value BETWEEN '0000-01-01'::${arrived} AND '9999-12-31 23:59:59'::${arrived}`);
    case "DATE":
      return outOfRange("$value BETWEEN '0000-01-01'::DATE AND '9999-12-31'::DATE");
    case "TIMESTAMP_NS":
      return {
        check: {
          sql: "isfinite($value) AND epoch_ns($value) % 1000 = 0",
          code: "wrong-type",
          message: "is infinite, or finer than a microsecond; round it in the query",
        },
      };
    case "VARCHAR":
      return {
        check: textCheck(isTimeSql, "a time such as 2026-01-31T12:00:00.123456Z, in microseconds at most"),
        cast: (value) => `upper(${value})::TIMESTAMPTZ`,
      };
    default:
      return undefined;
  }
}

function textCheck(sql: (text: string) => string, expected: string): CastCheck {
  return { sql: sql("$value"), code: "wrong-type", message: `is not ${expected}` };
}
