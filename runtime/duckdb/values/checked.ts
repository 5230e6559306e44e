import type { InputError } from "../../errors.ts";

/** A value that does not fit its column; the caller adds row and column. */
export class WrongValue extends Error {
  readonly code: InputError["code"];

  constructor(message: string, code: InputError["code"] = "wrong-type") {
    super(message);
    this.code = code;
  }
}

/** Checks of a value that is to be written as a scalar: each gives it in one form, or throws a {@link WrongValue}. */
export const checked = {
  text(value: unknown): string {
    if (typeof value !== "string") return refuse(value, "VARCHAR", "a string");
    return wellFormed(value);
  },
  boolean(value: unknown): boolean {
    return typeof value === "boolean" ? value : refuse(value, "BOOLEAN", "true or false");
  },
  double(value: unknown): number {
    return typeof value === "number" ? value : refuse(value, "DOUBLE", "a number");
  },
  /** An integer that a number holds exactly. */
  integer(value: unknown): number | bigint {
    if (Number.isSafeInteger(value)) return value as number;
    if (typeof value !== "bigint" && !Number.isInteger(value)) return refuse(value, "BIGINT", "an integer");
    if (!Number.isSafeInteger(Number(value))) {
      throw new WrongValue(
        `is ${value}, beyond 2^53; declare the column with "format": "int64" to store it as a bigint`,
        "unsafe-integer",
      );
    }
    return value as bigint;
  },
  int64(value: unknown): bigint {
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
    return refuse(value, "INT64", "a bigint of 64 bits");
  },
  uuid(value: unknown): string {
    return typeof value === "string" && uuidPattern.test(value)
      ? value
      : refuse(value, "UUID", "a UUID such as 6f1b…-…");
  },
  /** `2026-01-31`. */
  date(value: unknown): string {
    const text =
      value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString().slice(0, 10) : value;
    return typeof text === "string" && parseTimestamp(`${text}T00:00:00Z`) !== undefined
      ? text
      : refuse(value, "DATE", "a date such as 2026-01-31");
  },
  /** Microseconds since 1970. */
  time(value: unknown): bigint {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return BigInt(value.getTime()) * 1000n;
    const micros = typeof value === "string" ? parseTimestamp(value) : undefined;
    return micros ?? refuse(value, "TIMESTAMPTZ", "a time such as 2026-01-31T12:00:00.123456Z");
  },
  /** The text of a JSON value. */
  json(value: unknown): string {
    const text = JSON.stringify(value, (_, part) =>
      typeof part === "bigint" ? refuse(part, "JSON", "a number") : part,
    );
    return text === undefined ? refuse(value, "JSON", "a JSON value") : wellFormed(text);
  },
  object(value: unknown, type: string): Record<string, unknown> {
    return isPlainObject(value) ? value : refuse(value, type, "an object");
  },
  array(value: unknown, type: string): unknown[] {
    return Array.isArray(value) ? value : refuse(value, type, "an array");
  },
} as const;

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

function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new WrongValue("has half of a surrogate pair, which no database can hold");
  return text;
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
