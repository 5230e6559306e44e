import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import type { ScalarName } from "../../../columns/column-type.ts";
import { storedTypeSql } from "../stored-type.ts";
import { asIs, equalFit, refusedFit, tryCast, type ValueFit, type ValueSql } from "./value-fit.ts";

/** How a stored scalar stands to a declared one. What is in no table is refused. */
type ScalarRule = Pick<ValueFit, "verdict"> & {
  /** Differs from a cast. */
  readonly read?: ValueSql;
  readonly write?: ValueSql;
  /** Whether every stored value is one of the declared type. */
  readonly readsAll?: boolean;
  /** Which stored values are one of the declared type, where a round trip does not tell. */
  readonly readable?: ValueSql;
};

const kept: ScalarRule = { verdict: "kept" };
const widened: ScalarRule = { verdict: "widened" };
const exact: ScalarRule = { verdict: "widened", readsAll: true };

const smallIntegers = ["TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"] as const;
const largeIntegers = ["UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM"] as const;
const integers = [...smallIntegers, "BIGINT", ...largeIntegers] as const;

/** RFC 3339 in UTC with microseconds, as rows in JavaScript have it. */
const printTime: ValueSql = (value) =>
  `strftime(make_timestamp(epoch_us(${value})), '%Y-%m-%dT%H:%M:%S.%fZ')`;

/** A time or date that prints with a year of four digits. */
const isPlainTime: ValueSql = (value) =>
  `(${value}) IS NULL OR (isfinite(${value}) AND year(${value}) BETWEEN 0 AND 9999)`;

const rfc3339 =
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6}0*)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";

/** Declared type → stored type → rule. */
const rules: Readonly<Record<ScalarName, Readonly<Record<string, ScalarRule>>>> = {
  VARCHAR: {
    ENUM: { ...kept, readsAll: true },
    ...each(integers, exact),
    BOOLEAN: exact,
    UUID: exact,
    DATE: { ...widened, readable: isPlainTime },
    "TIMESTAMP WITH TIME ZONE": { ...widened, read: printTime, readable: isPlainTime },
  },
  BIGINT: wholeNumbers(),
  INT64: wholeNumbers(),
  DOUBLE: {
    FLOAT: exact,
    ...each(smallIntegers, exact),
    ...each(["BIGINT", ...largeIntegers, "DECIMAL"], widened),
  },
  BOOLEAN: { VARCHAR: kept },
  TIMESTAMPTZ: {
    TIMESTAMP: { ...kept, readsAll: true },
    TIMESTAMP_NS: kept,
    TIMESTAMP_S: exact,
    TIMESTAMP_MS: exact,
    DATE: exact,
    VARCHAR: {
      ...kept,
      write: printTime,
      readable: (value) =>
        `(${value}) IS NULL OR (regexp_matches(${value}, '${rfc3339}') AND TRY_CAST(${value} AS TIMESTAMPTZ) IS NOT NULL)`,
    },
  },
  DATE: each(
    ["TIMESTAMP WITH TIME ZONE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP_MS", "VARCHAR"],
    kept,
  ),
  UUID: { VARCHAR: kept },
};

/** Integers may lie in any type of numbers, as long as the stored ones are whole. */
function wholeNumbers(): Readonly<Record<string, ScalarRule>> {
  return {
    ...each(smallIntegers, exact),
    ...each([...largeIntegers, "DOUBLE", "FLOAT", "DECIMAL", "VARCHAR"], kept),
  };
}

function each(names: readonly string[], rule: ScalarRule): Record<string, ScalarRule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

/** DuckDB's type of each declared scalar. */
const ownTypes: Readonly<Record<ScalarName, string>> = {
  VARCHAR: "VARCHAR",
  BIGINT: "BIGINT",
  INT64: "BIGINT",
  DOUBLE: "DOUBLE",
  BOOLEAN: "BOOLEAN",
  TIMESTAMPTZ: "TIMESTAMP WITH TIME ZONE",
  DATE: "DATE",
  UUID: "UUID",
};

/** Types whose values compare and sort alike, so that an id may lie in either. */
const orders: readonly (readonly string[])[] = [
  [...integers, "FLOAT", "DOUBLE", "DECIMAL"],
  ["TIMESTAMP WITH TIME ZONE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP_MS", "DATE"],
  ["VARCHAR", "ENUM"],
];

/** Whether ids of a stored type sort as those of a declared one: groups are ordered by them. */
export function sortsAlike(stored: DuckDBType, declared: ScalarName): boolean {
  const own = ownTypes[declared];
  const name = nameOf(stored);
  return name === own || orders.some((order) => order.includes(name) && order.includes(own));
}

/** How a declared scalar lies in a stored type. */
export function scalarFit(stored: DuckDBType, declared: ScalarName): ValueFit {
  const type = storedTypeSql(stored);
  const own = ownTypes[declared];
  if (type === own) return equalFit(type);
  const rule = type === "JSON" ? undefined : rules[declared][nameOf(stored)];
  if (rule === undefined) return refusedFit(type, own);
  const { verdict, read = tryCast(own), write = tryCast(type), readsAll = false } = rule;
  const readable = rule.readable ?? returns(read, write);
  return {
    verdict,
    read,
    ...(readsAll ? {} : { readable }),
    write,
    writable: returns(write, read),
    widen: verdict === "widened" ? read : asIs,
    widenedType: verdict === "widened" ? own : type,
    isPlain: rule.read === undefined,
  };
}

/** Condition that a value comes back from another type as it was. */
function returns(there: ValueSql, back: ValueSql): ValueSql {
  return (value) => `${back(there(value))} IS NOT DISTINCT FROM ${value}`;
}

/** Name of a type, without its parameters. */
function nameOf(type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.ENUM:
      return "ENUM";
    case DuckDBTypeId.DECIMAL:
      return "DECIMAL";
    default:
      return String(type);
  }
}
