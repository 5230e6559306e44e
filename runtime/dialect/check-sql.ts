import type { CheckStep } from "../contract.ts";
import { checkOf } from "./check-placeholder.ts";
import type { ValueDialect } from "./value-dialect.ts";

/** The shape of a value, as far as the steps into it need it. Any column type has one. */
export type ValueShape =
  | { readonly kind: "scalar" }
  | { readonly kind: "json" }
  | { readonly kind: "list"; readonly items: ValueShape }
  | { readonly kind: "map"; readonly values: ValueShape }
  | {
      readonly kind: "struct";
      readonly members: readonly { readonly name: string; readonly type: ValueShape }[];
    };

/** A predicate over `$value`, and the steps to the values that it is about. */
export interface LocatedCheck {
  readonly steps: readonly CheckStep[];
  readonly sql: string;
}

/** A value in SQL. */
export interface SqlValue {
  readonly sql: string;
  readonly shape: ValueShape;
}

/**
 * A value of a column, or of a list, map or struct in it. A JSON null counts as NULL there.
 *
 * Inside JSON it does not: NULL means that an object lacks the member.
 */
export function typedValue(dialect: ValueDialect, sql: string, shape: ValueShape): SqlValue {
  const isNull = dialect.json.isKind(sql, "null");
  return { sql: shape.kind === "json" ? `CASE WHEN NOT (${isNull}) THEN ${sql} END` : sql, shape };
}

/**
 * SQL that is true where a value breaks one of the checks, else false or NULL.
 *
 * Checks behind the same steps go through the values there together. `parameter` begins the names of lambda parameters.
 */
export function brokenSql(
  dialect: ValueDialect,
  value: SqlValue,
  checks: readonly LocatedCheck[],
  parameter: string,
  depth = 1,
): string {
  const own = checks.filter(({ steps }) => steps.length === 0);
  const inner = new Map<string, { readonly step: CheckStep; readonly checks: LocatedCheck[] }>();
  for (const { steps, sql } of checks) {
    const [step, ...rest] = steps;
    if (step === undefined) continue;
    const key = JSON.stringify(step);
    const group = inner.get(key) ?? { step, checks: [] };
    group.checks.push({ steps: rest, sql });
    inner.set(key, group);
  }
  const broken = [
    ...own.map(({ sql }) => `NOT (${checkOf(sql, value.sql)})`),
    ...[...inner.values()].map(({ step, checks }) =>
      typeof step === "string"
        ? `(${hasMembers(dialect, value)} AND (${brokenSql(dialect, memberOf(dialect, value, step), checks, parameter, depth)}))`
        : dialect.hasTrue(
            brokenFlags(
              dialect,
              value,
              step,
              (part) => brokenSql(dialect, part, checks, parameter, depth + 1),
              parameter + depth,
            ),
          ),
    ),
  ];
  return broken.length === 0 ? "false" : broken.join(" OR ");
}

/** SQL of a list of booleans: whether each item or value of a value breaks one. */
export function brokenFlags(
  dialect: ValueDialect,
  value: SqlValue,
  step: Exclude<CheckStep, string>,
  broken: (part: SqlValue) => string,
  parameter: string,
): string {
  const { list, part } = partsOf(dialect, value, step);
  return dialect.mapItems(list, parameter, `coalesce(${broken(part(parameter))}, false)`);
}

/** The member of this name: NULL where a JSON object lacks it. */
export function memberOf(dialect: ValueDialect, { sql, shape }: SqlValue, name: string): SqlValue {
  if (shape.kind === "json") return { sql: dialect.json.member(sql, name), shape };
  const member = shape.kind === "struct" ? shape.members.find((each) => each.name === name) : undefined;
  if (member === undefined) throw new Error(`A ${shape.kind} has no member ${name}`);
  return typedValue(dialect, dialect.member(sql, name), member.type);
}

function hasMembers({ json }: ValueDialect, { sql, shape }: SqlValue): string {
  return shape.kind === "json" ? json.isKind(sql, "object") : `${sql} IS NOT NULL`;
}

/** The values in a value. */
export interface ValueParts {
  /** SQL of them, as a list. */
  readonly list: string;
  /** SQL of their names, for maps and JSON objects. */
  readonly names: string | undefined;
  /** One of them. */
  readonly part: (sql: string) => SqlValue;
}

/** The values that a step leads to: the items of a list, the values of a map or JSON object. */
export function partsOf(
  dialect: ValueDialect,
  { sql, shape }: SqlValue,
  step: Exclude<CheckStep, string>,
): ValueParts {
  switch (shape.kind) {
    case "json": {
      const { json } = dialect;
      const part = (item: string) => ({ sql: `coalesce(${item}, ${json.null})`, shape });
      if (step.each === "item") return { list: json.items(sql), names: undefined, part };
      return { list: json.values(sql, step.except), names: json.keys(sql, step.except), part };
    }
    case "list":
      return { list: sql, names: undefined, part: (item) => typedValue(dialect, item, shape.items) };
    case "map":
      return {
        list: dialect.mapValues(sql),
        names: dialect.mapKeys(sql),
        part: (item) => typedValue(dialect, item, shape.values),
      };
    case "scalar":
    case "struct":
      throw new Error(`A ${shape.kind} has no items or values`);
  }
}
