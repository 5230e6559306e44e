import { type ColumnType, printType } from "../../columns/column-type.ts";
import type { CheckStep } from "../../contract.ts";
import type { ValueShape } from "../../dialect/check-sql.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { acceptJson } from "./accept-json.ts";
import { scalarCast } from "./accept-scalar.ts";
import { type Accepted, IncompatibleType } from "./accepted.ts";
import type { DuckType } from "./duck-type.ts";

/** Compares an arrived type with the declared one, at every depth. Throws an {@link IncompatibleType}. */
export function acceptType(
  declared: ColumnType,
  arrived: DuckType,
  steps: readonly CheckStep[] = [],
): Accepted {
  const accepted = acceptSameKind(declared, arrived, steps);
  if (accepted !== undefined) return accepted;
  // DuckDB gives the type INTEGER to NULL, and to what an empty list or map would hold.
  if (arrived.text === "INTEGER") return onlyNull(declared, arrived, steps);
  throw new IncompatibleType(steps, `is ${arrived.text}, and its spec declares ${printType(declared)}`);
}

function acceptSameKind(
  declared: ColumnType,
  arrived: DuckType,
  steps: readonly CheckStep[],
): Accepted | undefined {
  switch (declared.kind) {
    case "scalar": {
      const found = arrived.kind === "scalar" ? scalarCast(declared.name, arrived.text) : undefined;
      if (found === undefined) return undefined;
      const { check, cast = plainCast(declared) } = found;
      return {
        cast,
        isPlain: found.cast === undefined,
        checks: check === undefined ? [] : [{ ...check, steps }],
      };
    }
    case "json":
      return acceptJson(arrived, steps);
    case "list":
      return arrived.kind === "list" ? acceptList(declared, arrived, steps) : undefined;
    case "map":
      return arrived.kind === "map" ? acceptMap(declared, arrived, steps) : undefined;
    case "struct":
      return arrived.kind === "struct" ? acceptStruct(declared, arrived, steps) : undefined;
  }
}

type Of<Type, Kind> = Extract<Type, { kind: Kind }>;

function acceptList(
  declared: Of<ColumnType, "list">,
  arrived: Of<DuckType, "list">,
  steps: readonly CheckStep[],
): Accepted {
  const items = acceptType(declared.items, arrived.items, [...steps, { each: "item" }]);
  const item = lambda(steps);
  return composed(
    declared,
    [items],
    (value) => `list_transform(${value}, lambda ${item}: ${items.cast(item)})`,
  );
}

function acceptMap(
  declared: Of<ColumnType, "map">,
  arrived: Of<DuckType, "map">,
  steps: readonly CheckStep[],
): Accepted | undefined {
  if (arrived.text === "MAP(INTEGER, INTEGER)") return onlyEmpty(declared, arrived, steps);
  if (scalarCast("VARCHAR", arrived.keys.text) === undefined) return undefined;
  const values = acceptType(declared.values, arrived.values, [...steps, { each: "value" }]);
  const item = lambda(steps);
  const cast = (value: string) =>
    `map(map_keys(${value})::VARCHAR[], list_transform(map_values(${value}), lambda ${item}: ${values.cast(item)}))`;
  return composed(declared, [values], cast);
}

function acceptStruct(
  declared: Of<ColumnType, "struct">,
  arrived: Of<DuckType, "struct">,
  steps: readonly CheckStep[],
): Accepted {
  const names = declared.members.map(({ name }) => name);
  const undeclared = arrived.members.find(({ name }) => !names.includes(name));
  if (undeclared !== undefined) {
    throw new IncompatibleType(
      steps,
      `has the member ${JSON.stringify(undeclared.name)}, and its spec declares ${names.join(", ")}`,
    );
  }
  const members = declared.members.map(({ name, type }) => {
    const member = arrived.members.find((each) => each.name === name);
    return { name, type, accepted: member && acceptType(type, member.type, [...steps, name]) };
  });
  const parts = members.flatMap(({ accepted }) => accepted ?? []);
  return composed(declared, parts, (value) => {
    const packed = members.map(({ name, type, accepted }) => {
      const member = accepted?.cast(`(${value}).${quoteIdentifier(name)}`) ?? `NULL::${printType(type)}`;
      return `${quoteIdentifier(name)} := ${member}`;
    });
    return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${packed.join(", ")}) END`;
  });
}

function composed(
  declared: ColumnType,
  parts: readonly Accepted[],
  cast: (value: string) => string,
): Accepted {
  const isPlain = parts.every((part) => part.isPlain);
  return {
    cast: isPlain ? plainCast(declared) : cast,
    isPlain,
    checks: parts.flatMap(({ checks }) => checks),
  };
}

function onlyNull(declared: ColumnType, arrived: DuckType, steps: readonly CheckStep[]): Accepted {
  return onlyIf("$value IS NULL", `NULL::${printType(declared)}`, declared, arrived, steps);
}

function onlyEmpty(declared: ColumnType, arrived: DuckType, steps: readonly CheckStep[]): Accepted {
  return onlyIf("cardinality($value) = 0", `MAP {}::${printType(declared)}`, declared, arrived, steps);
}

function onlyIf(
  sql: string,
  instead: string,
  declared: ColumnType,
  arrived: DuckType,
  steps: readonly CheckStep[],
): Accepted {
  const message = `is ${arrived.text}, and its spec declares ${printType(declared)}: cast it in the query`;
  return {
    cast: (value) => `CASE WHEN ${value} IS NOT NULL THEN ${instead} END`,
    isPlain: false,
    checks: [{ sql, code: "wrong-type", message, steps }],
  };
}

function plainCast(declared: ColumnType): (value: string) => string {
  return (value) => `${value}::${printType(declared)}`;
}

/** No two lambdas in one another share a parameter. */
function lambda(steps: readonly CheckStep[]): string {
  return `stemma_c${steps.length}`;
}

/** The shape of an arrived value, for the way to the values in it. */
export function shapeOf(type: DuckType): ValueShape {
  switch (type.kind) {
    case "scalar":
      return { kind: "scalar" };
    case "list":
      return { kind: "list", items: shapeOf(type.items) };
    case "map":
      return { kind: "map", values: shapeOf(type.values) };
    case "struct":
      return {
        kind: "struct",
        members: type.members.map((member) => ({ name: member.name, type: shapeOf(member.type) })),
      };
  }
}
