import { type ColumnType, printType } from "../../columns/column-type.ts";
import { isScalar, isTextual, type StoredType } from "../../columns/stored-type.ts";
import type { CheckStep } from "../../contract.ts";
import type { ValueShape } from "../../dialect/check-sql.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { type CastCheck, digitsOfDouble, scalarAcceptance } from "./accept-scalar.ts";
import { type Accepted, IncompatibleType } from "./accepted.ts";

/** Compares an arrived type with the declared one, at every depth. Throws an {@link IncompatibleType}. */
export function acceptType(
  dialect: ValueDialect,
  declared: ColumnType,
  arrived: StoredType,
  steps: readonly CheckStep[] = [],
): Accepted {
  const accepted = acceptSameKind(dialect, declared, arrived, steps);
  if (accepted !== undefined) return accepted;
  if (isScalar(arrived, dialect.typeOfNull)) return onlyNull(dialect, declared, arrived, steps);
  throw new IncompatibleType(steps, `is ${arrived.text}, and its spec declares ${printType(declared)}`);
}

function acceptSameKind(
  dialect: ValueDialect,
  declared: ColumnType,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted | undefined {
  switch (declared.kind) {
    case "scalar": {
      const found = scalarAcceptance[declared.name].cast(arrived, dialect);
      if (found === undefined) return undefined;
      const { check, cast = plainCast(dialect, declared) } = found;
      return {
        cast,
        isPlain: found.cast === undefined,
        checks: check === undefined ? [] : [{ ...check, steps }],
      };
    }
    case "json":
      return acceptJson(dialect, arrived, steps);
    case "list":
      return arrived.kind === "list" ? acceptList(dialect, declared, arrived, steps) : undefined;
    case "map":
      return arrived.kind === "map" ? acceptMap(dialect, declared, arrived, steps) : undefined;
    case "struct":
      return arrived.kind === "struct" ? acceptStruct(dialect, declared, arrived, steps) : undefined;
  }
}

type Of<Type, Kind> = Extract<Type, { kind: Kind }>;

function acceptList(
  dialect: ValueDialect,
  declared: Of<ColumnType, "list">,
  arrived: Of<StoredType, "list">,
  steps: readonly CheckStep[],
): Accepted {
  const items = acceptType(dialect, declared.items, arrived.items, [...steps, { each: "item" }]);
  const item = lambda(steps);
  return composed(dialect, declared, [items], (value) => dialect.mapItems(value, item, items.cast(item)));
}

function acceptMap(
  dialect: ValueDialect,
  declared: Of<ColumnType, "map">,
  arrived: Of<StoredType, "map">,
  steps: readonly CheckStep[],
): Accepted | undefined {
  if ([arrived.keys, arrived.values].every((part) => isScalar(part, dialect.typeOfNull)))
    return onlyEmpty(dialect, declared, arrived, steps);
  if (!isTextual(arrived.keys)) return undefined;
  const values = acceptType(dialect, declared.values, arrived.values, [...steps, { each: "value" }]);
  const item = lambda(steps);
  const cast = (value: string) =>
    dialect.mapOf(
      dialect.cast(dialect.mapKeys(value), dialect.listType(dialect.scalars.VARCHAR.type)),
      dialect.mapItems(dialect.mapValues(value), item, values.cast(item)),
    );
  return composed(dialect, declared, [values], cast);
}

function acceptStruct(
  dialect: ValueDialect,
  declared: Of<ColumnType, "struct">,
  arrived: Of<StoredType, "struct">,
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
    return { name, type, accepted: member && acceptType(dialect, type, member.type, [...steps, name]) };
  });
  const parts = members.flatMap(({ accepted }) => accepted ?? []);
  return composed(dialect, declared, parts, (value) => {
    const packed = members.map(({ name, type, accepted }) => {
      const member = accepted?.cast(dialect.member(value, name)) ?? dialect.nullOf(dialect.typeName(type));
      return [name, member] as const;
    });
    return `CASE WHEN ${value} IS NOT NULL THEN ${dialect.struct(packed)} END`;
  });
}

function composed(
  dialect: ValueDialect,
  declared: ColumnType,
  parts: readonly Accepted[],
  cast: (value: string) => string,
): Accepted {
  const isPlain = parts.every((part) => part.isPlain);
  return {
    cast: isPlain ? plainCast(dialect, declared) : cast,
    isPlain,
    checks: parts.flatMap(({ checks }) => checks),
  };
}

function onlyNull(
  dialect: ValueDialect,
  declared: ColumnType,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  const none = dialect.nullOf(dialect.typeName(declared));
  return onlyIf("$value IS NULL", none, declared, arrived, steps);
}

function onlyEmpty(
  dialect: ValueDialect,
  declared: ColumnType,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  const empty = dialect.emptyMap(dialect.typeName(declared));
  return onlyIf(dialect.isEmptyMap("$value"), empty, declared, arrived, steps);
}

function onlyIf(
  sql: string,
  instead: string,
  declared: ColumnType,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted {
  const message = `is ${arrived.text}, and its spec declares ${printType(declared)}: cast it in the query`;
  return {
    cast: (value) => `CASE WHEN ${value} IS NOT NULL THEN ${instead} END`,
    isPlain: false,
    checks: [{ sql, code: "wrong-type", message, steps }],
  };
}

function plainCast(dialect: ValueDialect, declared: ColumnType): (value: string) => string {
  return (value) => dialect.cast(value, dialect.typeName(declared));
}

/** No two lambdas in one another share a parameter. */
function lambda(steps: readonly CheckStep[]): string {
  return `stemma_c${steps.length}`;
}

/** The shape of an arrived value, for the path to the values in it. */
export function shapeOf(type: StoredType): ValueShape {
  switch (type.kind) {
    case "scalar":
    case "decimal":
    case "enum":
    case "other":
      return { kind: "scalar" };
    case "json":
      return { kind: "json" };
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

/** Texts are read as JSON, other values become it. JSON's null becomes NULL, as it does in rows from JavaScript. */
function acceptJson(
  dialect: ValueDialect,
  arrived: StoredType,
  steps: readonly CheckStep[],
): Accepted | undefined {
  if (!becomesJson(arrived)) return undefined;
  const { json, cast, scalars } = dialect;
  const read = json.tryParse("$value");
  const problem = json.problem(cast(read, scalars.VARCHAR.type));
  const checks: CastCheck[] = [
    {
      sql: `${read} IS NOT NULL AND ${problem} IS DISTINCT FROM 'syntax' OR $value IS NULL`,
      code: "wrong-type",
      message: "is not JSON",
    },
    {
      sql: `${problem} IS DISTINCT FROM 'number'`,
      code: "unsafe-integer",
      message:
        "has a number that JavaScript would read as another one: an integer beyond 2^53, or one beyond 1.8e308. Write it as a string",
    },
  ];
  return {
    cast: (value) =>
      `CASE WHEN NOT (${json.isKind(json.parse(value), "null")}) THEN ${json.parse(value)} END`,
    isPlain: false,
    checks: checks.map((check) => ({ ...check, steps })),
  };
}

/** Whether all values of a type are JSON values, or texts of them. */
function becomesJson(type: StoredType): boolean {
  switch (type.kind) {
    case "json":
    case "enum":
      return true;
    case "scalar":
      return isScalar(type, ...jsonScalars);
    case "decimal":
      return type.precision <= digitsOfDouble;
    case "list":
      return becomesJson(type.items);
    case "map":
      return isTextual(type.keys) && becomesJson(type.values);
    case "struct":
      return type.members.every((member) => becomesJson(member.type));
    case "other":
      return false;
  }
}

const jsonScalars = [
  "utf8",
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "int128",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uint128",
  "float32",
  "float64",
  "date",
  "uuid",
] as const;
