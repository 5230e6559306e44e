import { isScalar, isTextual, type StoredType } from "../../columns/stored-type.ts";
import type { CheckStep } from "../../contract.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { type CastCheck, digitsOfDouble } from "./accept-scalar.ts";
import type { Accepted } from "./accepted.ts";

/** Texts are read as JSON, other values become it. JSON's null becomes NULL, as it does in rows from JavaScript. */
export function acceptJson(
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
