import { type ScalarName, scalarTypes } from "../../../columns/scalar-types.ts";
import { nearestColumnType, type StoredScalar, type StoredType } from "../../../columns/stored-type.ts";
import type { ValueDialect, ValueSql } from "../../../dialect/value-dialect.ts";
import { asIs, equalFit, refusedFit, returns, type ValueFit } from "./value-fit.ts";

/** Kinds of stored types that a scalar may lie in. */
type ScalarKind = StoredScalar | "decimal" | "enum";

/** How a declared scalar lies in a stored one. */
interface ScalarRule {
  readonly verdict: ValueFit["verdict"];
  /** Reads where a cast would not do. */
  readonly read?: DialectSql;
  /** Writes where a cast would not do. */
  readonly write?: DialectSql;
  /** Whether every stored value is one of the declared type. */
  readonly readsAll?: boolean;
  /** Which stored values are one of the declared type, where a round trip can't decide. */
  readonly readable?: DialectSql;
}

type DialectSql = (dialect: ValueDialect, value: string) => string;

/** Stored type → rule. What is not here is refused. */
type ScalarRules = { readonly [stored in ScalarKind]?: ScalarRule };

const kept: ScalarRule = { verdict: "kept" };
const keptReadsAll: ScalarRule = { verdict: "kept", readsAll: true };
const widened: ScalarRule = { verdict: "widened" };
const exact: ScalarRule = { verdict: "widened", readsAll: true };

const smallIntegers = ["int8", "int16", "int32", "uint8", "uint16", "uint32"] as const;
const largeIntegers = ["uint64", "int128", "uint128", "bignum"] as const;
const otherTimestamps = ["timestamp_us", "timestamp_ns", "timestamp_s", "timestamp_ms"] as const;

const isPlainTime: DialectSql = ({ hasPlainYear }, value) => `(${value}) IS NULL OR (${hasPlainYear(value)})`;

const isTimeText: DialectSql = ({ matches, tryCast, scalars }, value) =>
  `(${value}) IS NULL OR (${matches(value, `'${rfc3339}'`)} AND ${tryCast(value, scalars.TIMESTAMPTZ.type)} IS NOT NULL)`;

const rfc3339 =
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6}0*)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";

/** Integers may lie in any type of numbers, as long as the stored ones are whole. */
const wholeNumbers: ScalarRules = {
  ...each(smallIntegers, exact),
  ...each([...largeIntegers, "float64", "float32", "decimal", "utf8"], kept),
};

/** Declared type → stored type → rule. */
const rules: Readonly<Record<ScalarName, ScalarRules>> = {
  VARCHAR: {
    enum: keptReadsAll,
    ...each([...smallIntegers, "int64", ...largeIntegers], exact),
    bool: exact,
    uuid: exact,
    date: { ...widened, readable: isPlainTime },
    timestamptz_us: {
      ...widened,
      read: ({ formatTime }, value) => formatTime(value),
      readable: isPlainTime,
    },
  },
  BIGINT: wholeNumbers,
  INT64: wholeNumbers,
  DOUBLE: {
    float32: exact,
    ...each(smallIntegers, exact),
    ...each(["int64", ...largeIntegers, "decimal"], widened),
  },
  BOOLEAN: { utf8: kept },
  TIMESTAMPTZ: {
    timestamp_us: keptReadsAll,
    timestamp_ns: kept,
    timestamp_s: exact,
    timestamp_ms: exact,
    date: exact,
    utf8: {
      ...kept,
      write: ({ formatTime }, value) => formatTime(value),
      readable: isTimeText,
    },
  },
  DATE: each(["timestamptz_us", ...otherTimestamps, "utf8"], kept),
  UUID: { utf8: kept },
};

function each(kinds: readonly ScalarKind[], rule: ScalarRule): ScalarRules {
  return Object.fromEntries(kinds.map((kind) => [kind, rule]));
}

/** Whether ids of a stored type sort as those of a declared one: groups are ordered by them. */
export function sortsAlike(stored: StoredType, declared: ScalarName): boolean {
  const nearest = nearestColumnType(stored);
  return nearest.kind === "scalar" && scalarTypes[nearest.name].order === scalarTypes[declared].order;
}

/** How a declared scalar lies in a stored type. */
export function scalarFit(dialect: ValueDialect, stored: StoredType, declared: ScalarName): ValueFit {
  const kind = kindOf(stored);
  if (kind === scalarTypes[declared].storage) return equalFit(stored.text);
  const own = dialect.scalars[declared].type;
  const rule = kind === undefined ? undefined : rules[declared][kind];
  if (rule === undefined) return refusedFit(dialect, stored.text, own);
  const read: ValueSql = (value) => rule.read?.(dialect, value) ?? dialect.tryCast(value, own);
  const write: ValueSql = (value) => rule.write?.(dialect, value) ?? dialect.tryCast(value, stored.text);
  const { readable } = rule;
  const isWidened = rule.verdict === "widened";
  return {
    verdict: rule.verdict,
    read,
    ...(rule.readsAll
      ? {}
      : { readable: readable === undefined ? returns(read, write) : (value) => readable(dialect, value) }),
    write,
    writable: returns(write, read),
    widen: isWidened ? read : asIs,
    widenedType: isWidened ? own : stored.text,
    isPlain: rule.read === undefined,
  };
}

function kindOf(stored: StoredType): ScalarKind | undefined {
  switch (stored.kind) {
    case "scalar":
      return stored.name;
    case "decimal":
    case "enum":
      return stored.kind;
    default:
      return undefined;
  }
}
