import type { CheckStep } from "../contract.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-text.ts";

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

/** The placeholder of predicates. Literals in them never contain it: see {@link quoteInCheck}. */
const placeholder = "$value";

/** Quotes a text that stands in a predicate over `$value`. */
export function quoteInCheck(text: string): string {
  return text.includes(placeholder)
    ? `(${text.split(placeholder).map(quoteLiteral).join(" || '$' || 'value' || ")})`
    : quoteLiteral(text);
}

/** A predicate with its value in place. */
export function checkOf(sql: string, value: string): string {
  return sql.split(placeholder).join(value);
}

/**
 * A value of a column, or of a list, map or struct in it. A JSON null counts as NULL there.
 *
 * Inside JSON it does not: NULL means that an object lacks the member.
 */
export function typedValue(sql: string, shape: ValueShape): SqlValue {
  return {
    sql: shape.kind === "json" ? `CASE WHEN json_type(${sql}) <> 'NULL' THEN ${sql} END` : sql,
    shape,
  };
}

/**
 * SQL that is true where a value breaks one of the checks, else false or NULL.
 *
 * Checks behind the same steps go through the values there together. `parameter` begins the names of lambda parameters.
 */
export function brokenSql(
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
        ? `(${hasMembers(value)} AND (${brokenSql(memberOf(value, step), checks, parameter, depth)}))`
        : brokenEach(value, step, (part) => brokenSql(part, checks, parameter, depth + 1), parameter + depth),
    ),
  ];
  return broken.length === 0 ? "false" : broken.join(" OR ");
}

function brokenEach(
  value: SqlValue,
  step: Exclude<CheckStep, string>,
  broken: (part: SqlValue) => string,
  parameter: string,
): string {
  return `list_contains(${brokenFlags(value, step, broken, parameter)}, true)`;
}

/** SQL of a list that says of each item or value of a value whether it is broken. */
export function brokenFlags(
  value: SqlValue,
  step: Exclude<CheckStep, string>,
  broken: (part: SqlValue) => string,
  parameter: string,
): string {
  const { list, part } = partsOf(value, step);
  return `list_transform(${list}, lambda ${parameter}: coalesce(${broken(part(parameter))}, false))`;
}

/** The member of this name: NULL where a JSON object lacks it. */
export function memberOf({ sql, shape }: SqlValue, name: string): SqlValue {
  if (shape.kind === "struct") {
    const member = shape.members.find((each) => each.name === name);
    if (member !== undefined) return typedValue(`(${sql}).${quoteIdentifier(name)}`, member.type);
  }
  if (shape.kind !== "json") throw new Error(`A ${shape.kind} has no member ${name}`);
  const pointer = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return { sql: `json_extract(${sql}, ${quoteInCheck(pointer)})`, shape };
}

function hasMembers({ sql, shape }: SqlValue): string {
  return shape.kind === "json" ? `json_type(${sql}) = 'OBJECT'` : `${sql} IS NOT NULL`;
}

/** The values in a value, as a list, and for maps and JSON objects the names of these. */
export function partsOf(
  { sql, shape }: SqlValue,
  step: Exclude<CheckStep, string>,
): {
  readonly list: string;
  readonly names: string | undefined;
  readonly part: (sql: string) => SqlValue;
} {
  if (shape.kind === "json") {
    // Such a cast makes NULL of JSON's null.
    const part = (item: string) => ({ sql: `coalesce(${item}, 'null'::JSON)`, shape });
    if (step.each === "item") return { list: `TRY_CAST(${sql} AS JSON[])`, names: undefined, part };
    const map = `TRY_CAST(${sql} AS MAP(VARCHAR, JSON))`;
    if (step.except === undefined) return { list: `map_values(${map})`, names: `map_keys(${map})`, part };
    const names = step.except.map(quoteInCheck).join(", ");
    const entries = `list_filter(map_entries(${map}), lambda entry: entry.key NOT IN (${names}))`;
    const each = (member: string) => `list_transform(${entries}, lambda entry: entry.${member})`;
    return { list: each("value"), names: each("key"), part };
  }
  if (shape.kind === "list") {
    return { list: sql, names: undefined, part: (item) => typedValue(item, shape.items) };
  }
  if (shape.kind === "map") {
    return {
      list: `map_values(${sql})`,
      names: `map_keys(${sql})`,
      part: (item) => typedValue(item, shape.values),
    };
  }
  throw new Error(`A ${shape.kind} has no items or values`);
}
