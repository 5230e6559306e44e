import { DuckDBDateValue, DuckDBTimestampTZValue, DuckDBUUIDValue, type DuckDBValue } from "@duckdb/node-api";
import type { ScalarName } from "../../columns/scalar-types.ts";
import { formatDate, formatTimestamp, isPlainTime } from "../../columns/values/time-text.ts";
import { validate } from "../../columns/values/validate.ts";
import { duckdbValues } from "../../dialect/duckdb-values.ts";
import { StoreError } from "../../errors.ts";
import { type ColumnCodec, listCodec, textCodec } from "./block-codecs.ts";
import { plainTextOf, type TextEncoder, textOf } from "./text-sink.ts";

/** Turns a value of a row to write into a value of DuckDB; throws a `WrongValue` where it does not fit. */
export type Encode = (value: unknown) => DuckDBValue;

/** Turns a value of DuckDB into what the row types say. */
export type Decode = (value: DuckDBValue) => unknown;

/** How the values of a scalar cross between JavaScript and DuckDB; nulls are dealt with before. */
interface ScalarCodec {
  readonly encode: Encode;
  readonly decode: Decode;
  /** How they are written as texts. */
  readonly text: TextEncoder;
  /** How they are read by the block. */
  readonly block: (sql: string) => ColumnCodec;
}

const dayMillis = 86_400_000;
const dayMicros = 86_400_000_000n;

const asIs: Decode = (value) => value;

/** Each scalar. */
export const scalarCodecs: Readonly<Record<ScalarName, ScalarCodec>> = {
  VARCHAR: {
    encode: validate.text,
    decode: asIs,
    text: textOf(validate.text),
    block: (sql) => textCodec(sql, sql),
  },
  BOOLEAN: {
    encode: validate.boolean,
    decode: asIs,
    text: plainTextOf((value) => String(validate.boolean(value)), castTo("BOOLEAN")),
    block: boundedList,
  },
  DOUBLE: {
    encode: validate.double,
    decode: asIs,
    text: plainTextOf((value) => printDouble(validate.double(value)), castTo("DOUBLE")),
    block: boundedList,
  },
  BIGINT: {
    encode: (value) => BigInt(validate.integer(value)),
    decode: safeInteger,
    text: plainTextOf((value) => String(validate.integer(value)), castTo("BIGINT")),
    // An integer that a DOUBLE can't hold is not a safe integer, before or after rounding.
    block: (sql) => ({ ...listCodec(`${sql}::DOUBLE`, safeIntegers), unbounded: false }),
  },
  INT64: {
    encode: validate.int64,
    decode: asIs,
    text: plainTextOf((value) => String(validate.int64(value)), castTo("BIGINT")),
    block: boundedList,
  },
  UUID: {
    encode: (value) => DuckDBUUIDValue.fromUint128(BigInt(`0x${validate.uuid(value).replaceAll("-", "")}`)),
    decode: String,
    text: plainTextOf(validate.uuid, castTo("UUID")),
    block: (sql) => textCodec(sql, `${sql}::VARCHAR`),
  },
  DATE: {
    encode: (value) => new DuckDBDateValue(Date.parse(validate.date(value)) / dayMillis),
    decode: (value) =>
      value instanceof DuckDBDateValue ? formatDate(BigInt(value.days) * dayMicros) : value,
    text: plainTextOf(validate.date, castTo("DATE")),
    // Years beyond four digits, and infinity, have another length.
    block: (sql) => textCodec(sql, `${sql}::VARCHAR`, (text) => (text.length === 10 ? text : undefined)),
  },
  TIMESTAMPTZ: {
    encode: (value) => new DuckDBTimestampTZValue(validate.time(value)),
    decode: (value) => (value instanceof DuckDBTimestampTZValue ? formatTimestamp(value.micros) : value),
    text: plainTextOf(
      (value) => String(validate.time(value)),
      (text) => `make_timestamptz(${text}::BIGINT)`,
    ),
    block: (sql) =>
      textCodec(sql, duckdbValues.formatTime(sql), (text) => (isPlainTime(text) ? text : undefined)),
  },
};

function castTo(type: string): (text: string) => string {
  return (text) => `${text}::${type}`;
}

function boundedList(sql: string): ColumnCodec {
  return { ...listCodec(sql), unbounded: false };
}

function safeIntegers(values: readonly DuckDBValue[]): unknown[] | undefined {
  return values.every((value) => value === null || Number.isSafeInteger(value))
    ? (values as unknown[])
    : undefined;
}

function printDouble(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}

function safeInteger(value: DuckDBValue): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new StoreError(
      "wrong-integer",
      `The stored integer ${value} is beyond 2^53 and would lose digits as a number. Declare the column with "format": "int64" to read it as a bigint.`,
      { value: String(value) },
    );
  }
  return number;
}
