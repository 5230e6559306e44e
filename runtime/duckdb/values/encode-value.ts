import {
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBUUIDValue,
  type DuckDBValue,
  listValue,
  mapValue,
  structValue,
} from "@duckdb/node-api";
import { type ColumnType, printType, type ScalarName } from "../../column-type.ts";
import type { InputError } from "../../errors.ts";

/** Turns a value of a row to write into a value of DuckDB; throws a {@link WrongValue} where it does not fit. */
export type Encode = (value: unknown) => DuckDBValue;

/** A value that does not fit its column; the caller adds row and column. */
export class WrongValue extends Error {
  readonly code: InputError["code"];

  constructor(message: string, code: InputError["code"] = "wrong-type") {
    super(message);
    this.code = code;
  }
}

/** The encoder of a column; null and undefined become NULL. */
export function encoderOf(type: ColumnType): Encode {
  const encode = encodePresent(type);
  return (value) => (value === null || value === undefined ? null : encode(value));
}

function encodePresent(type: ColumnType): Encode {
  switch (type.kind) {
    case "scalar":
      return scalarEncoders[type.name];
    case "json":
      return encodeJson;
    case "list": {
      const encode = encoderOf(type.items);
      return (value) =>
        Array.isArray(value) ? listValue(value.map(encode)) : refuse(value, printType(type), "an array");
    }
    case "map": {
      const encode = encoderOf(type.values);
      return (value) =>
        isPlainObject(value)
          ? mapValue(
              Object.entries(value).map(([key, entry]) => ({ key: encodeText(key), value: encode(entry) })),
            )
          : refuse(value, printType(type), "an object");
    }
    case "struct": {
      const members = new Map(type.members.map((member) => [member.name, encoderOf(member.type)]));
      return (value) => {
        if (!isPlainObject(value)) return refuse(value, printType(type), "an object");
        const undeclared = Object.keys(value).find((key) => !members.has(key));
        if (undeclared !== undefined) {
          throw new WrongValue(
            `has the member ${JSON.stringify(undeclared)}, which ${printType(type)} does not declare`,
          );
        }
        return structValue(
          Object.fromEntries([...members].map(([name, encode]) => [name, encode(value[name])])),
        );
      };
    }
  }
}

const scalarEncoders: { readonly [name in ScalarName]: Encode } = {
  VARCHAR: (value) => (typeof value === "string" ? encodeText(value) : refuse(value, "VARCHAR", "a string")),
  BOOLEAN: (value) => (typeof value === "boolean" ? value : refuse(value, "BOOLEAN", "true or false")),
  DOUBLE: (value) => (typeof value === "number" ? value : refuse(value, "DOUBLE", "a number")),
  BIGINT: (value) => {
    if (typeof value !== "number" && typeof value !== "bigint") return refuse(value, "BIGINT", "an integer");
    if (typeof value === "number" && !Number.isInteger(value)) return refuse(value, "BIGINT", "an integer");
    if (!Number.isSafeInteger(Number(value))) {
      throw new WrongValue(
        `is ${value}, beyond 2^53; declare the column with "format": "int64" to store it as a bigint`,
        "unsafe-integer",
      );
    }
    return BigInt(value);
  },
  INT64: (value) => {
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
    return refuse(value, "INT64", "a bigint of 64 bits");
  },
  UUID: (value) =>
    typeof value === "string" && uuidPattern.test(value)
      ? DuckDBUUIDValue.fromUint128(BigInt(`0x${value.replaceAll("-", "")}`))
      : refuse(value, "UUID", "a UUID such as 6f1b…-…"),
  DATE: (value) => {
    const text =
      value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString().slice(0, 10) : value;
    const micros = typeof text === "string" ? parseTimestamp(`${text}T00:00:00Z`) : undefined;
    if (micros === undefined) return refuse(value, "DATE", "a date such as 2026-01-31");
    return new DuckDBDateValue(Number(micros / 86_400_000_000n));
  },
  TIMESTAMPTZ: (value) => {
    if (value instanceof Date && !Number.isNaN(value.getTime())) {
      return new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
    }
    const micros = typeof value === "string" ? parseTimestamp(value) : undefined;
    if (micros === undefined)
      return refuse(value, "TIMESTAMPTZ", "a time such as 2026-01-31T12:00:00.123456Z");
    return new DuckDBTimestampTZValue(micros);
  },
};

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const timestampPattern = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})0*)?([Zz]|[+-]\d\d:\d\d)$/;

/** Microseconds since 1970 of an RFC 3339 time; undefined where it is none, or finer than a microsecond. */
function parseTimestamp(text: string): bigint | undefined {
  const match = timestampPattern.exec(text);
  if (match === null) return undefined;
  const [, date = "", time = "", fraction = "", offset = ""] = match;
  const millis = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  const sameDay = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(millis) || Number.isNaN(sameDay.getTime())) return undefined;
  if (sameDay.toISOString().slice(0, 10) !== date) return undefined;
  return BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

function encodeText(text: string): string {
  if (!text.isWellFormed()) throw new WrongValue("has half of a surrogate pair, which no database can hold");
  return text;
}

function encodeJson(value: unknown): DuckDBValue {
  const text = JSON.stringify(value, (_, part) =>
    typeof part === "bigint" ? refuse(part, "JSON", "a number") : part,
  );
  return text === undefined ? refuse(value, "JSON", "a JSON value") : encodeText(text);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function refuse(value: unknown, type: string, wanted: string): never {
  throw new WrongValue(`is ${describe(value)}, and ${type} takes ${wanted}`);
}

function describe(value: unknown): string {
  if (typeof value === "string")
    return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === "bigint") return `the bigint ${value}`;
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "an invalid Date";
  return typeof value === "object" ? "an object" : `the ${typeof value} ${String(value)}`;
}
