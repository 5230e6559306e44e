import { type ColumnType, printType } from "../../columns/column-type.ts";
import { isScalar, type StoredType } from "../../columns/stored-type.ts";
import type { CheckStep } from "../../contract.ts";
import { checkOf } from "../../dialect/check-placeholder.ts";
import type { JsonKind, ValueDialect } from "../../dialect/value-dialect.ts";
import type { CastCheck } from "./accept-scalar.ts";
import { fileScalars, isTrue } from "./accept-text.ts";
import { acceptType } from "./accept-type.ts";
import type { Accepted } from "./accepted.ts";

/** Values of a CSV or JSON file, in which nothing has a type: they are read as what is declared. */
export function acceptFileValue(dialect: ValueDialect, declared: ColumnType, arrived: StoredType): Accepted {
  if (arrived.kind === "json") return acceptJsonValue(dialect, declared, arrived, []);
  if (declared.kind !== "scalar" || !isScalar(arrived, "utf8")) return acceptType(dialect, declared, arrived);
  const { checks, cast } = fileScalars[declared.name].text(dialect);
  return { cast, isPlain: false, checks: checks.map((check) => ({ ...check, steps: [] })) };
}

type Of<Kind> = Extract<ColumnType, { kind: Kind }>;

/** A JSON value as one of a declared type. JSON's null, and a member that an object lacks, are null. */
function acceptJsonValue(
  dialect: ValueDialect,
  declared: ColumnType,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  switch (declared.kind) {
    case "json":
      return acceptType(dialect, declared, arrived, steps);
    case "scalar":
      return acceptScalar(dialect, declared, steps);
    case "list":
      return acceptArray(dialect, declared, arrived, steps);
    case "map":
      return acceptObject(dialect, declared, arrived, steps);
    case "struct":
      return acceptMembers(dialect, declared, arrived, steps);
  }
}

function acceptScalar(dialect: ValueDialect, { name }: Of<"scalar">, steps: readonly CheckStep[]): Accepted {
  const { kinds, text } = fileScalars[name];
  const { checks, cast } = text(dialect);
  const content = dialect.json.text("$value");
  const onText = checks.map((check) => ({ ...check, sql: checkOf(check.sql, content) }));
  return {
    cast: (value) => cast(dialect.json.text(value)),
    isPlain: false,
    checks: located(steps, [ofKind(dialect, kinds, name), ...onText]),
  };
}

function acceptArray(
  dialect: ValueDialect,
  declared: Of<"list">,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  const items = acceptJsonValue(dialect, declared.items, arrived, [...steps, { each: "item" }]);
  const item = lambda(steps);
  return {
    cast: (value) =>
      ifKind(dialect, value, "array", dialect.mapItems(dialect.json.items(value), item, items.cast(item))),
    isPlain: false,
    checks: [...located(steps, [ofKind(dialect, ["array"], printType(declared))]), ...items.checks],
  };
}

function acceptObject(
  dialect: ValueDialect,
  declared: Of<"map">,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  const values = acceptJsonValue(dialect, declared.values, arrived, [...steps, { each: "value" }]);
  const item = lambda(steps);
  const { json } = dialect;
  return {
    cast: (value) =>
      ifKind(
        dialect,
        value,
        "object",
        dialect.mapOf(json.keys(value), dialect.mapItems(json.values(value), item, values.cast(item))),
      ),
    isPlain: false,
    checks: [
      ...located(steps, [ofKind(dialect, ["object"], printType(declared)), withoutRepeats(dialect)]),
      ...values.checks,
    ],
  };
}

function acceptMembers(
  dialect: ValueDialect,
  declared: Of<"struct">,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  const { json } = dialect;
  const names = declared.members.map(({ name }) => name);
  const members = declared.members.map(({ name, type }) => ({
    name,
    accepted: acceptJsonValue(dialect, type, arrived, [...steps, name]),
  }));
  const isClosed: CastCheck = {
    sql: `coalesce(${dialect.listLength(json.keys("$value", names))}, 0) = 0`,
    code: "undeclared-column",
    message: `has a member that its spec does not declare; it declares ${names.join(", ")}`,
  };
  return {
    cast: (value) =>
      ifKind(
        dialect,
        value,
        "object",
        dialect.struct(members.map(({ name, accepted }) => [name, accepted.cast(json.member(value, name))])),
      ),
    isPlain: false,
    checks: [
      ...located(steps, [
        ofKind(dialect, ["object"], printType(declared)),
        isClosed,
        withoutRepeats(dialect),
      ]),
      ...members.flatMap(({ accepted }) => accepted.checks),
    ],
  };
}

function ofKind(dialect: ValueDialect, kinds: readonly JsonKind[], declared: string): CastCheck {
  const allowed = ["null" as const, ...kinds].map((kind) => dialect.json.isKind("$value", kind));
  return {
    sql: isTrue(`$value IS NULL OR ${allowed.join(" OR ")}`),
    code: "wrong-type",
    message: `is not a JSON ${kinds.join(" or ")}, and its spec declares ${declared}`,
  };
}

function withoutRepeats({ json, repeatsItem }: ValueDialect): CastCheck {
  return {
    sql: `NOT coalesce(${repeatsItem(json.objectKeys("$value"))}, false)`,
    code: "wrong-type",
    message: "has a key twice",
  };
}

function ifKind(dialect: ValueDialect, value: string, kind: JsonKind, then: string): string {
  return `CASE WHEN ${dialect.json.isKind(value, kind)} THEN ${then} END`;
}

function located(steps: readonly CheckStep[], checks: readonly CastCheck[]): Accepted["checks"] {
  return checks.map((check) => ({ ...check, steps }));
}

/** No two lambdas in one another share a parameter. */
function lambda(steps: readonly CheckStep[]): string {
  return `stemma_j${steps.length}`;
}
