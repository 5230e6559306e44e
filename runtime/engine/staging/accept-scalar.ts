import type { ScalarName } from "../../columns/scalar-types.ts";
import { isScalar, isTextual, type StoredScalar, type StoredType } from "../../columns/stored-type.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import type { InputErrorCode } from "../../errors.ts";

/** What a value must satisfy before it is cast: a predicate over `$value`, and the message where it is false. */
export interface CastCheck {
  readonly sql: string;
  readonly code: InputErrorCode;
  readonly message: string;
}

/** How values of an arrived type become values of a declared scalar, none of them changed. */
export interface ScalarCast {
  readonly check?: CastCheck;
  /** SQL of the cast where a plain one would not do. */
  readonly cast?: (value: string) => string;
}

/** How a declared scalar takes values that a query gives. */
interface ScalarAcceptance {
  /** The cast of an arrived type; undefined where it would change values. */
  readonly cast: (arrived: StoredType, dialect: ValueDialect) => ScalarCast | undefined;
  /** What a value in the declared type must satisfy, so that JavaScript can read it; absent where each does. */
  readonly readable?: (dialect: ValueDialect) => CastCheck;
}

const unchecked: ScalarCast = {};

/** Each declared scalar. */
export const scalarAcceptance: Readonly<Record<ScalarName, ScalarAcceptance>> = {
  VARCHAR: { cast: (arrived) => (isTextual(arrived) ? unchecked : undefined) },
  BOOLEAN: { cast: ofStorage("bool") },
  BIGINT: {
    cast: (arrived) => integerCast(arrived, safeInteger),
    readable: () => safeInteger,
  },
  INT64: {
    cast: (arrived, { tryCast, scalars }) =>
      integerCast(arrived, {
        sql: `$value IS NULL OR ${tryCast("$value", scalars.INT64.type)} IS NOT NULL`,
        code: "wrong-type",
        message: "does not fit into 64 bits",
      }),
  },
  DOUBLE: { cast: doubleCast },
  DATE: {
    cast: textOr("DATE", "date", "a date such as 2026-01-31"),
    readable: ({ cast, scalars }) => plainYears(between(cast, scalars.DATE.type, "9999-12-31")),
  },
  UUID: { cast: textOr("UUID", "uuid", "a UUID such as 6f1b2c3d-…") },
  TIMESTAMPTZ: {
    cast: timeCast,
    readable: ({ cast, scalars }) => {
      const at = (text: string) => cast(`'${text}'`, scalars.TIMESTAMPTZ.type);
      return plainYears(
        `$value >= ${at("0000-01-01 00:00:00+00")} AND $value < ${at("10000-01-01 00:00:00+00")}`,
      );
    },
  },
};

const safeInteger: CastCheck = {
  sql: `$value BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`,
  code: "unsafe-integer",
  message: 'is beyond 2^53; declare it with "format": "int64"',
};

const smallIntegers = ["int8", "int16", "int32", "uint8", "uint16", "uint32"] as const;

function integerCast(arrived: StoredType, check: CastCheck): ScalarCast | undefined {
  if (isScalar(arrived, ...smallIntegers, "int64")) return unchecked;
  return isScalar(arrived, "uint64", "int128", "uint128") ? { check } : undefined;
}

function doubleCast(arrived: StoredType, { cast, tryCast, scalars }: ValueDialect): ScalarCast | undefined {
  const own = scalars.DOUBLE.type;
  if (isScalar(arrived, "float32", "float64", ...smallIntegers)) return unchecked;
  if (isScalar(arrived, "int64", "uint64", "int128", "uint128"))
    return { check: exact(`${tryCast(cast("$value", own), arrived.text)} = $value`) };
  if (arrived.kind !== "decimal") return undefined;
  if (arrived.precision <= digitsOfDouble) return unchecked;
  // The cast of a longer one is not the nearest number.
  const viaText = (value: string) => cast(cast(value, scalars.VARCHAR.type), own);
  return { check: exact(`${tryCast(viaText("$value"), arrived.text)} = $value`), cast: viaText };
}

/** Decimal digits that a DOUBLE holds, whatever they are. */
export const digitsOfDouble = 15;

function exact(sql: string): CastCheck {
  return {
    sql: `coalesce(${sql}, $value IS NULL)`,
    code: "wrong-type",
    message: "would lose digits as a number; round it in the query, where you can see what that does",
  };
}

function timeCast(arrived: StoredType, dialect: ValueDialect): ScalarCast | undefined {
  const inYears = (last: string): ScalarCast => ({
    check: plainYears(between(dialect.cast, arrived.text, last)),
  });
  if (isScalar(arrived, "timestamptz_us", "timestamp_us")) return unchecked;
  if (isScalar(arrived, "timestamp_s", "timestamp_ms")) return inYears("9999-12-31 23:59:59");
  if (isScalar(arrived, "date")) return inYears("9999-12-31");
  if (isScalar(arrived, "timestamp_ns"))
    return {
      check: {
        sql: `${dialect.isFinite("$value")} AND ${dialect.isWholeMicroseconds("$value")}`,
        code: "wrong-type",
        message: "is infinite, or finer than a microsecond; round it in the query",
      },
    };
  const text = textOr(
    "TIMESTAMPTZ",
    undefined,
    "a time such as 2026-01-31T12:00:00.123456Z, in microseconds at most",
  );
  const found = text(arrived, dialect);
  return found === undefined ? undefined : { ...found, cast: dialect.parseTime };
}

/** A condition on dates or times of a type, from the year 0 on. */
function between(cast: ValueDialect["cast"], type: string, last: string): string {
  return `$value BETWEEN ${cast("'0000-01-01'", type)} AND ${cast(`'${last}'`, type)}`;
}

function plainYears(sql: string): CastCheck {
  return { sql, code: "wrong-type", message: "is infinite, or not within the years 0 to 9999" };
}

function ofStorage(storage: StoredScalar): ScalarAcceptance["cast"] {
  return (arrived) => (isScalar(arrived, storage) ? unchecked : undefined);
}

/** Takes texts that are values of the type, and what is stored as it. */
function textOr(
  name: ScalarName,
  storage: StoredScalar | undefined,
  expected: string,
): ScalarAcceptance["cast"] {
  return (arrived, { scalars }) => {
    const { isText } = scalars[name];
    if (isScalar(arrived, "utf8") && isText !== undefined)
      return {
        check: {
          sql: `$value IS NULL OR ${isText("$value")}`,
          code: "wrong-type",
          message: `is not ${expected}`,
        },
      };
    return storage !== undefined && isScalar(arrived, storage) ? unchecked : undefined;
  };
}
