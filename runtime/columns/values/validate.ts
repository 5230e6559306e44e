import { textForms } from "../text-forms.ts";
import { isPlainObject, isTypedArray, mapEntries } from "./plain-values.ts";
import { parseTime } from "./time-text.ts";
import { refuse, WrongValue, wellFormed, within } from "./wrong-value.ts";

/**
 * The JSON text of a value: as `JSON.stringify` prints it, but a value that it would change or drop is refused. A `Map` is an
 * object, a typed array an array, a `Date` its ISO text; another object with `toJSON` is what that gives.
 */
function jsonText(value: unknown): string {
  return JSON.stringify(plainJson(value, 0));
}

/** Deeper values are taken for circular ones. */
const maxDepth = 1000;

function plainJson(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : refuse(value, "JSON", "finite numbers");
    case "object":
      return value === null ? null : plainJsonObject(value, depth);
    case "bigint":
      return refuse(value, "JSON", "numbers; write it as a string");
    default:
      return refuse(value, "JSON", "a JSON value");
  }
}

function plainJsonObject(value: object, depth: number): unknown {
  if (depth > maxDepth) throw new WrongValue(`is nested deeper than ${maxDepth} levels, or holds itself`);
  if (Array.isArray(value)) {
    // Holes, and items that are undefined, are null in JSON.
    return Array.from(value, (item: unknown, index) => jsonPart(item ?? null, index, depth));
  }
  if (isTypedArray(value)) return Array.from(value, (item, index) => jsonPart(item, index, depth));
  if (value instanceof Map) return jsonMembers(mapEntries(value, "JSON"), depth);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? refuse(value, "JSON", "a valid one") : value.toISOString();
  if (isPlainObject(value) && typeof value["toJSON"] !== "function")
    return jsonMembers(Object.entries(value), depth);
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON !== "function") return refuse(value, "JSON", "plain objects");
  return plainJson(toJSON.call(value, ""), depth + 1);
}

function jsonMembers(entries: readonly (readonly [string, unknown])[], depth: number): object {
  const members = entries.filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [wellFormed(name), jsonPart(member, { key: name }, depth)]),
  );
}

function jsonPart(value: unknown, part: number | { readonly key: string }, depth: number): unknown {
  try {
    return plainJson(value, depth + 1);
  } catch (error) {
    throw within(error, typeof part === "object" && /^[A-Za-z_$][\w$]*$/.test(part.key) ? part.key : part);
  }
}

/** Checks of a value that is to be written as a scalar: each gives it in one form, or throws a {@link WrongValue}. */
export const validate = {
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
        `is ${value}, beyond 2^53; declare it with "format": "int64" to store it as a bigint`,
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
    const isDate = value instanceof Date && !Number.isNaN(value.getTime());
    const text = isDate ? value.toISOString().split("T")[0] : value;
    return typeof text === "string" && parseTime(`${text}T00:00:00Z`) !== undefined
      ? text
      : refuse(value, "DATE", "a date such as 2026-01-31");
  },
  /** Microseconds since 1970. */
  time(value: unknown): bigint {
    const isDate = value instanceof Date && !Number.isNaN(value.getTime());
    const micros = isDate ? BigInt(value.getTime()) * 1000n : parseText(value);
    if (micros === undefined)
      return refuse(value, "TIMESTAMPTZ", "a time such as 2026-01-31T12:00:00.123456Z");
    if (micros < firstTime || micros > lastTime) {
      throw new WrongValue("is not within the years 0 to 9999");
    }
    return micros;
  },
  /** The text of a JSON value. */
  json(value: unknown): string {
    return jsonText(value);
  },
} as const;

const uuidPattern = new RegExp(textForms.uuid);
const finerPattern = /:\d\d\.\d{7,}(?:[Zz]|[+-]\d\d:\d\d)$/;

const firstTime = BigInt(Date.parse("0000-01-01T00:00:00Z")) * 1000n;
const lastTime = BigInt(Date.parse("9999-12-31T23:59:59Z")) * 1000n + 999_999n;

function parseText(value: unknown): bigint | undefined {
  if (typeof value !== "string") return undefined;
  const micros = parseTime(value);
  if (micros === undefined && finerPattern.test(value)) {
    throw new WrongValue(
      `is the string ${JSON.stringify(value)}, finer than a microsecond: cut it to six digits of a second`,
    );
  }
  return micros;
}
