import type { ScalarName } from "../../columns/scalar-types.ts";
import { textForms } from "../../columns/text-forms.ts";
import { checkOf, quoteInCheck } from "../../dialect/check-placeholder.ts";
import type { JsonKind, ValueDialect } from "../../dialect/value-dialect.ts";
import { type CastCheck, scalarAcceptance } from "./accept-scalar.ts";

/** How texts of files become values of a declared scalar, none of them changed. */
export interface TextCast {
  /** What a text must satisfy, so that it can be cast. */
  readonly checks: readonly CastCheck[];
  readonly cast: (text: string) => string;
}

/** How a declared scalar is written in files. */
interface FileScalar {
  /** Kinds of JSON values that are one. */
  readonly kinds: readonly JsonKind[];
  readonly text: (dialect: ValueDialect) => TextCast;
}

/** Each declared scalar. */
export const fileScalars: Readonly<Record<ScalarName, FileScalar>> = {
  VARCHAR: { kinds: ["string"], text: () => ({ checks: [], cast: (text) => text }) },
  BOOLEAN: {
    kinds: ["boolean"],
    text: (dialect) => ({
      checks: [wrong("lower($value) IN ('true', 'false')", "true or false")],
      cast: (text) => dialect.cast(`lower(${text})`, dialect.scalars.BOOLEAN.type),
    }),
  },
  BIGINT: {
    kinds: ["number"],
    text: (dialect) => {
      const safe = dialect.tryCast("$value", dialect.scalars.INT64.type);
      const { readable } = scalarAcceptance.BIGINT;
      const range = readable?.(dialect);
      const within = range === undefined ? [] : [{ ...range, sql: orNull(isTrue(checkOf(range.sql, safe))) }];
      return { checks: [isInteger(dialect), ...within], cast: integerOf(dialect) };
    },
  },
  INT64: {
    // JavaScript prints a bigint as a string, since its numbers end at 2^53.
    kinds: ["number", "string"],
    text: (dialect) => ({
      checks: [
        isInteger(dialect),
        {
          sql: orNull(`${dialect.tryCast("$value", dialect.scalars.INT64.type)} IS NOT NULL`),
          code: "wrong-type",
          message: "does not fit into 64 bits",
        },
      ],
      cast: integerOf(dialect),
    }),
  },
  DOUBLE: {
    // JSON has no other way to write NaN and the infinities.
    kinds: ["number", "string"],
    text: (dialect) => {
      const number = dialect.tryCast("$value", dialect.scalars.DOUBLE.type);
      const isNumber = matches(dialect, "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$");
      const isWord = matches(dialect, "^[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)$");
      return {
        checks: [wrong(`${isWord} OR ${isNumber} AND ${dialect.isFinite(number)}`, "a number")],
        cast: (text) => dialect.cast(text, dialect.scalars.DOUBLE.type),
      };
    },
  },
  DATE: { kinds: ["string"], text: (dialect) => ofForm(dialect, "DATE", "a date such as 2026-01-31") },
  UUID: { kinds: ["string"], text: (dialect) => ofForm(dialect, "UUID", "a UUID such as 6f1b2c3d-…") },
  TIMESTAMPTZ: {
    kinds: ["string"],
    text: (dialect) => {
      const time = (text: string) => `upper(${text})`;
      const { type } = dialect.scalars.TIMESTAMPTZ;
      const found = `${dialect.tryCast(time("$value"), type)} IS NOT NULL`;
      return {
        checks: [
          wrong(
            `${matches(dialect, textForms.fileTime)} AND ${found}`,
            "a time such as 2026-01-31T12:00:00.123456Z, in microseconds at most",
          ),
        ],
        cast: (text) => dialect.cast(time(text), type),
      };
    },
  },
};

function ofForm(dialect: ValueDialect, name: "DATE" | "UUID", expected: string): TextCast {
  const { isText, type } = dialect.scalars[name];
  return {
    checks: isText === undefined ? [] : [wrong(isText("$value"), expected)],
    cast: (text) => dialect.cast(text, type),
  };
}

/** Programs that know only floating-point numbers write `7.0` for 7. */
function isInteger(dialect: ValueDialect): CastCheck {
  return wrong(matches(dialect, "^[+-]?[0-9]+([.]0*)?$"), "an integer");
}

function integerOf(dialect: ValueDialect): (text: string) => string {
  return (text) => dialect.cast(text, dialect.scalars.INT64.type);
}

function matches(dialect: ValueDialect, pattern: string): string {
  return dialect.matches("$value", quoteInCheck(pattern));
}

function wrong(sql: string, expected: string): CastCheck {
  return { sql: isTrue(orNull(sql)), code: "wrong-type", message: `is not ${expected}` };
}

function orNull(sql: string): string {
  return `$value IS NULL OR ${sql}`;
}

/** A condition that is never NULL: a check that is NULL passes. */
export function isTrue(sql: string): string {
  return `coalesce(${sql}, false)`;
}
