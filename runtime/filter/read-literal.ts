import type { LiteralType } from "../columns/scalar-types.ts";
import type { TypedLiteral } from "./bound-filter.ts";
import type { FilterLiteral } from "./filter-expression.ts";
import { excerpt, type Wording } from "./filter-problem.ts";

/** A literal that has a value. */
export type ValueLiteral = Exclude<FilterLiteral, { kind: "null" }>;

/** A literal as the type of the column that it is compared with, or what {@link Binding.misfit} has to say of the column. */
export type LiteralReading = TypedLiteral | ({ readonly kind: "mismatch" } & Required<Wording>);

/** Which literals compare with a column of each type, and how they are read. */
interface ReadingRule {
  readonly takes: ValueLiteral["kind"];
  /** The canonical text, or `undefined` where the literal is not a value of the type. */
  read(text: string): string | undefined;
  /** How a message describes a literal that is not a value of the type. */
  readonly verdict: string;
  readonly hint: string;
}

const rules: { readonly [type in LiteralType]: ReadingRule } = {
  VARCHAR: {
    takes: "text",
    read: (text) => text,
    verdict: "is not a string",
    hint: "Write a string in single quotes: 'audio'.",
  },
  BIGINT: {
    takes: "number",
    read: (text) => text,
    verdict: "is not a number",
    hint: "Write a number without quotes: 12.",
  },
  DOUBLE: {
    takes: "number",
    read: readDouble,
    verdict: "is beyond the range of a DOUBLE",
    hint: "Write a number without quotes: 0.5.",
  },
  BOOLEAN: {
    takes: "boolean",
    read: (text) => text,
    verdict: "is not a boolean",
    hint: "Write TRUE or FALSE, without quotes.",
  },
  DATE: {
    takes: "text",
    read: readDay,
    verdict: "is not a date",
    hint: "Write a day of the calendar: '2026-01-31'.",
  },
  TIMESTAMPTZ: {
    takes: "text",
    read: readInstant,
    verdict: "is not a date-time",
    hint: "Write '2026-01-31T12:00:00Z', with at most six digits of a second; without an offset it is UTC.",
  },
  UUID: {
    takes: "text",
    read: readUuid,
    verdict: "is not a UUID",
    hint: "Write 32 hexadecimal digits with hyphens: '9f8b1c1e-6a0a-4c53-8d6c-1f2a3b4c5d6e'.",
  },
};

/** Reads a literal as a value of a type. */
export function readLiteral(literal: ValueLiteral, type: LiteralType): LiteralReading {
  const rule = rules[type];
  if (literal.kind !== rule.takes)
    return {
      kind: "mismatch",
      message: `it can't be compared with ${describeLiteral(literal)}`,
      hint: rule.hint,
    };
  const text = rule.read(literal.kind === "number" ? literal.text : String(literal.value));
  if (text !== undefined) return { kind: "literal", type, text };
  return { kind: "mismatch", message: `${describeLiteral(literal)} ${rule.verdict}`, hint: rule.hint };
}

/** A literal as a message repeats it. */
export function describeLiteral(literal: ValueLiteral): string {
  switch (literal.kind) {
    case "text":
      return `the string '${excerpt(literal.value)}'`;
    case "number":
      return `the number ${excerpt(literal.text)}`;
    case "boolean":
      return literal.value ? "TRUE" : "FALSE";
  }
}

/** The shortest text of the nearest DOUBLE. */
function readDouble(text: string): string | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : undefined;
}

function readUuid(text: string): string | undefined {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
}

/** Reads a day, `2026-01-31`. Gives `undefined` where it is none, a 30 February too. */
function readDay(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : undefined;
}

const instant =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[Tt ](?<clock>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?<fraction>\.\d+)?(?: ?(?<offset>[Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?)?$/;

/**
 * Reads a point in time as RFC 3339 writes it, and gives it in UTC: `2026-01-31T12:00:00.5Z`. A space for the `T`, no
 * seconds, no offset (UTC) and no time of day (midnight) will do. Gives `undefined` where it is none, also where it is
 * finer than a microsecond.
 */
function readInstant(text: string): string | undefined {
  const parts = instant.exec(text)?.groups;
  const day = readDay(parts?.["day"] ?? "");
  const fraction = (parts?.["fraction"] ?? "").replace(/\.?0*$/, "");
  if (day === undefined || fraction.length > ".123456".length) return undefined;
  const clock = (parts?.["clock"] ?? "00:00").padEnd("00:00:00".length, ":00");
  const time = new Date(
    Date.parse(`${day}T${clock}Z`) - offsetMinutes(parts?.["offset"]) * 60_000,
  ).toISOString();
  return /^\d{4}-/.test(time) ? `${time.slice(0, "2026-01-31T12:00:00".length)}${fraction}Z` : undefined;
}

/** Minutes that local time is ahead of UTC. */
function offsetMinutes(offset: string | undefined): number {
  if (offset === undefined || offset.toUpperCase() === "Z") return 0;
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2));
  return offset.startsWith("-") ? -minutes : minutes;
}
