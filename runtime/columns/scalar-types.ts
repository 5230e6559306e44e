import type { TransitionRule } from "./column-transition.ts";
import type { StoredScalar } from "./stored-type.ts";

/**
 * Scalar types of columns. `INT64` is stored as `BIGINT` is, but JavaScript sees a `bigint`, where a `BIGINT` is a
 * `number` and a value beyond 2^53 an error.
 */
export type ScalarName =
  | "VARCHAR"
  | "BIGINT"
  | "INT64"
  | "DOUBLE"
  | "BOOLEAN"
  | "TIMESTAMPTZ"
  | "DATE"
  | "UUID";

/** Types of literals in filters. An INT64 column compares with a BIGINT literal: engines store both as one type. */
export type LiteralType = Exclude<ScalarName, "INT64">;

/** What holds for a scalar type in every engine, and in the generator. */
export interface ScalarType {
  /** The JSON Schema that declares it. A `format` distinguishes it from the plain type. */
  readonly schema: { readonly type: "string" | "integer" | "number" | "boolean"; readonly format?: string };
  /** The TypeScript type of its values in rows. */
  readonly typescript: "string" | "number" | "bigint" | "boolean";
  /** What engines store. Types of one storage are the same column. */
  readonly storage: StoredScalar;
  /** The type of literals that it compares with in a filter. */
  readonly literal: LiteralType;
  /** Values of one family compare with each other in filters. */
  readonly comparable: "text" | "number" | "boolean" | "instant" | "day" | "uuid";
  /** Values of one family sort in the same order, so an id may be stored in any type of the family: groups are ordered by ids. */
  readonly order: "text" | "number" | "boolean" | "time" | "uuid";
  /** Which JSON Schema constraints apply to its values, apart from `enum`. */
  readonly constraints: "text" | "integer" | "number" | "none";
  /** Which of its values every program prints as the same JSON. */
  readonly inJson: "all" | "up to 2^53" | "none";
  /** The one text of each value, as a table of texts holds it; absent where a value has several. */
  readonly text?: {
    /** The texts of all values: `each date as it is printed`. */
    readonly all: string;
    /** The text of one value: `a date such as 2026-01-31`. */
    readonly one: string;
  };
  /** What becomes of stored values when the column is declared as another scalar. Texts follow from `text`; the rest is refused. */
  readonly becomes: { readonly [to in ScalarName]?: TransitionRule };
}

const upTo53 = "each stored value is a whole number up to 2^53";

/** Each scalar type. Engines add what is theirs in records of their own, keyed by the same names. */
export const scalarTypes: Readonly<Record<ScalarName, ScalarType>> = {
  VARCHAR: {
    schema: { type: "string" },
    typescript: "string",
    storage: "utf8",
    literal: "VARCHAR",
    comparable: "text",
    order: "text",
    constraints: "text",
    inJson: "all",
    becomes: {},
  },
  BIGINT: {
    schema: { type: "integer" },
    typescript: "number",
    storage: "int64",
    literal: "BIGINT",
    comparable: "number",
    order: "number",
    constraints: "integer",
    inJson: "all",
    text: { all: "each integer as it is printed", one: "a whole number up to 2^53 as it is printed" },
    becomes: {
      INT64: { verdict: "kept", reason: "both are stored as BIGINT" },
      DOUBLE: { verdict: "widened", reason: "a number holds each integer up to 2^53" },
    },
  },
  INT64: {
    schema: { type: "integer", format: "int64" },
    typescript: "bigint",
    storage: "int64",
    literal: "BIGINT",
    comparable: "number",
    order: "number",
    constraints: "integer",
    inJson: "up to 2^53",
    text: { all: "each integer as it is printed", one: "a whole number up to 2^63 as it is printed" },
    becomes: {
      BIGINT: { verdict: "kept", reason: "both are stored as BIGINT", provided: upTo53 },
      DOUBLE: { verdict: "widened", reason: "a number holds each integer up to 2^53", provided: upTo53 },
    },
  },
  DOUBLE: {
    schema: { type: "number" },
    typescript: "number",
    storage: "float64",
    literal: "DOUBLE",
    comparable: "number",
    order: "number",
    constraints: "number",
    inJson: "all",
    becomes: {
      BIGINT: { verdict: "kept", reason: "a number holds each integer up to 2^53", provided: upTo53 },
      INT64: {
        verdict: "kept",
        reason: "a number holds each integer up to 2^53, and a write beyond is refused",
        provided: upTo53,
      },
      VARCHAR: { verdict: "refused", reason: "a number has no one text" },
    },
  },
  BOOLEAN: {
    schema: { type: "boolean" },
    typescript: "boolean",
    storage: "bool",
    literal: "BOOLEAN",
    comparable: "boolean",
    order: "boolean",
    constraints: "none",
    inJson: "all",
    text: { all: "`true` and `false`", one: "`true` or `false`" },
    becomes: {},
  },
  TIMESTAMPTZ: {
    schema: { type: "string", format: "date-time" },
    typescript: "string",
    storage: "timestamptz_us",
    literal: "TIMESTAMPTZ",
    comparable: "instant",
    order: "time",
    constraints: "none",
    inJson: "none",
    text: { all: "each time in RFC 3339", one: "a time such as 2026-01-31T12:00:00.123456Z" },
    becomes: {
      DATE: {
        verdict: "kept",
        reason: "a date is its midnight in UTC",
        provided: "each stored time is a midnight in UTC",
      },
    },
  },
  DATE: {
    schema: { type: "string", format: "date" },
    typescript: "string",
    storage: "date",
    literal: "DATE",
    comparable: "day",
    order: "time",
    constraints: "none",
    inJson: "none",
    text: { all: "each date as it is printed", one: "a date such as 2026-01-31" },
    becomes: { TIMESTAMPTZ: { verdict: "widened", reason: "a date is its midnight in UTC" } },
  },
  UUID: {
    schema: { type: "string", format: "uuid" },
    typescript: "string",
    storage: "uuid",
    literal: "UUID",
    comparable: "uuid",
    order: "uuid",
    constraints: "none",
    inJson: "none",
    text: { all: "each UUID in lower case", one: "a UUID in lower case" },
    becomes: {},
  },
};

/** Names of the scalar types. */
export const scalarNames: readonly ScalarName[] = Object.keys(scalarTypes) as ScalarName[];

/** The formats that declare a scalar of their own. */
export const scalarFormats: readonly string[] = scalarNames.flatMap(
  (name) => scalarTypes[name].schema.format ?? [],
);

/**
 * The scalar that a JSON Schema declares by `type` and `format`; a format that is not known gives the plain type.
 *
 * @example
 * ```ts
 * scalarOfSchema("string", "date"); // "DATE"
 * scalarOfSchema("string", "email"); // "VARCHAR"
 * ```
 */
export function scalarOfSchema(type: ScalarType["schema"]["type"], format?: string): ScalarName {
  const named = (expected: string | undefined): ScalarName | undefined =>
    scalarNames.find((name) => {
      const { schema } = scalarTypes[name];
      return schema.type === type && schema.format === expected;
    });
  const found = named(format) ?? named(undefined);
  if (found === undefined) throw new Error(`No scalar type is declared by ${type}`);
  return found;
}

/** Whether a `format` declares the scalar: its rows hold another form of the values than a schema lists. */
export function isNamedByFormat(name: ScalarName): boolean {
  return scalarTypes[name].schema.format !== undefined;
}
