import {
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { ColumnType, ScalarName } from "../../columns/column-type.ts";
import { StoreError } from "../../errors.ts";
import { parseJson } from "./parse-json.ts";

/** Turns a value of DuckDB into what the row types say. */
export type Decode = (value: DuckDBValue) => unknown;

/** The decoder of a column; null stays null. */
export function decoderOf(type: ColumnType): Decode {
  const decode = decodePresent(type);
  return (value) => (value === null ? null : decode(value));
}

function decodePresent(type: ColumnType): Decode {
  switch (type.kind) {
    case "scalar":
      return scalarDecoders[type.name];
    case "json":
      return (value) => parseJson(String(value));
    case "list": {
      const decode = decoderOf(type.items);
      return (value) => (value instanceof DuckDBListValue ? value.items.map(decode) : value);
    }
    case "map": {
      const decode = decoderOf(type.values);
      return (value) =>
        value instanceof DuckDBMapValue
          ? Object.fromEntries(value.entries.map((entry) => [String(entry.key), decode(entry.value)]))
          : value;
    }
    case "struct": {
      const members = type.members.map((member) => [member.name, decoderOf(member.type)] as const);
      return (value) =>
        value instanceof DuckDBStructValue
          ? Object.fromEntries(members.map(([name, decode]) => [name, decode(value.entries[name] ?? null)]))
          : value;
    }
  }
}

const asIs: Decode = (value) => value;

const scalarDecoders: { readonly [name in ScalarName]: Decode } = {
  VARCHAR: asIs,
  DOUBLE: asIs,
  BOOLEAN: asIs,
  INT64: asIs,
  BIGINT: safeInteger,
  UUID: String,
  DATE: (value) =>
    value instanceof DuckDBDateValue ? formatDate(BigInt(value.days) * 86_400_000_000n) : value,
  TIMESTAMPTZ: (value) => (value instanceof DuckDBTimestampTZValue ? formatTimestamp(value.micros) : value),
};

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

/** RFC 3339 in UTC with microseconds. */
export function formatTimestamp(micros: bigint): string {
  const [date, time] = isoParts(micros);
  return `${date}T${time}.${String(modulo(micros, 1_000_000n)).padStart(6, "0")}Z`;
}

function formatDate(micros: bigint): string {
  return isoParts(micros)[0];
}

/** Date and whole seconds of day. Years beyond four digits keep the sign that ISO 8601 gives them. */
function isoParts(micros: bigint): readonly [date: string, time: string] {
  const seconds = (micros - modulo(micros, 1_000_000n)) / 1_000_000n;
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) {
    throw new StoreError(
      "wrong-stored-type",
      "A stored date or time is infinite, or later than JavaScript can hold. Write the row again with one within the years 0 to 9999.",
      { micros },
    );
  }
  const [date = "", time = ""] = moment.toISOString().split("T");
  return [date, time.slice(0, 8)];
}

function modulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}
