import type { LiteralType, TypedLiteral } from "./bound-filter.ts";
import { readDay, readInstant } from "./calendar-text.ts";
import type { FilterLiteral } from "./filter-expression.ts";
import { excerpt, type Wording } from "./filter-problem.ts";

/** A literal that has a value. */
export type ValueLiteral = Exclude<FilterLiteral, { kind: "null" }>;

/** A literal as the type of the column that it is compared with, or what {@link Binding.misfit} has to say of the column. */
export type LiteralReading = TypedLiteral | ({ readonly kind: "mismatch" } & Required<Wording>);

/** What a literal has to be beside a column of each type, and how it is read. */
interface ReadingRule {
  readonly takes: ValueLiteral["kind"];
  /** The canonical text, or `undefined` where the literal is no value of the type. */
  read(text: string): string | undefined;
  /** What a literal is said to be that is no value of the type. */
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
