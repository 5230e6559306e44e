import type { ValueDialect, ValueSql } from "../../../dialect/value-dialect.ts";

/**
 * How values of a declared type lie in a stored type, as SQL.
 *
 * Each function takes the SQL of a value. `depth` distinguishes the parameters of nested lambdas. Conditions are true for
 * NULL, and never NULL themselves.
 */
export interface ValueFit {
  readonly verdict: FitVerdict;
  /** The stored value in the declared type; only meant for values that are {@link readable}. */
  readonly read: ValueSql;
  /** Whether a stored value is exactly one of the declared type; absent where each is. */
  readonly readable?: ValueSql;
  /** The declared value in the stored type; only meant for values that are {@link writable}. */
  readonly write: ValueSql;
  /** Whether a declared value comes back from the stored type as it was; absent where each does. */
  readonly writable?: ValueSql;
  /** The stored value as the column holds it once it is widened. */
  readonly widen: ValueSql;
  /** The type that the column has once it is widened. */
  readonly widenedType: string;
  /** Whether changing the column's type to `widenedType` does all that `widen` does. */
  readonly isPlain: boolean;
}

/**
 * - `equal`: the same type.
 * - `kept`: the column holds every value of the declared type. Nothing is altered, reads check.
 * - `widened`: stored values stay exact in the declared type, and the column is altered to hold all of it.
 * - `refused`: neither.
 */
export type FitVerdict = "equal" | "kept" | "widened" | "refused";

const strictness: readonly FitVerdict[] = ["equal", "kept", "widened", "refused"];

/** The strictest of some verdicts. */
export function strictest(verdicts: readonly FitVerdict[]): FitVerdict {
  return strictness[Math.max(0, ...verdicts.map((verdict) => strictness.indexOf(verdict)))] ?? "equal";
}

/** The value as it is. */
export const asIs: ValueSql = (value) => value;

/** Stored and declared type are one. */
export function equalFit(type: string): ValueFit {
  return { verdict: "equal", read: asIs, write: asIs, widen: asIs, widenedType: type, isPlain: true };
}

/** No stored value but NULL is a value of the declared type. */
export function refusedFit(dialect: ValueDialect, stored: string, declared: string): ValueFit {
  return {
    verdict: "refused",
    read: () => dialect.nullOf(declared),
    readable: (value) => `(${value}) IS NULL`,
    write: () => dialect.nullOf(stored),
    writable: (value) => `(${value}) IS NULL`,
    widen: asIs,
    widenedType: stored,
    isPlain: false,
  };
}

/** Condition that a value comes back from another type as it was. */
export function returns(there: ValueSql, back: ValueSql): ValueSql {
  return (value) => `${back(there(value))} IS NOT DISTINCT FROM ${value}`;
}
