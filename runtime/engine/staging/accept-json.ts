import type { CheckStep } from "../../contract.ts";
import { type CastCheck, scalarCast } from "./accept-scalar.ts";
import type { Accepted } from "./accepted.ts";
import type { DuckType } from "./duck-type.ts";
import { jsonProblemSql } from "./json-problem-sql.ts";

/** Texts are read as JSON, other values become it. JSON's null becomes NULL, as it does in rows from JavaScript. */
export function acceptJson(arrived: DuckType, steps: readonly CheckStep[]): Accepted | undefined {
  if (!becomesJson(arrived)) return undefined;
  const json = "TRY_CAST($value AS JSON)";
  const checks: CastCheck[] = [
    {
      sql: `${json} IS NOT NULL AND ${jsonProblemSql(`${json}::VARCHAR`)} IS DISTINCT FROM 'syntax' OR $value IS NULL`,
      code: "wrong-type",
      message: "is not JSON",
    },
    {
      sql: `${jsonProblemSql(`${json}::VARCHAR`)} IS DISTINCT FROM 'number'`,
      code: "unsafe-integer",
      message:
        "has a number that JavaScript would read as another one: an integer beyond 2^53, or one beyond 1.8e308. Write it as a string",
    },
  ];
  return {
    cast: (value) => `CASE WHEN json_type(${value}::JSON) <> 'NULL' THEN ${value}::JSON END`,
    isPlain: false,
    checks: checks.map((check) => ({ ...check, steps })),
  };
}

const jsonScalars =
  /^(JSON|VARCHAR|ENUM\(.*\)|BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\((?:1[0-5]|\d),\d+\)|DATE|UUID)$/s;

function becomesJson(type: DuckType): boolean {
  switch (type.kind) {
    case "scalar":
      return jsonScalars.test(type.text);
    case "list":
      return becomesJson(type.items);
    case "map":
      return scalarCast("VARCHAR", type.keys.text) !== undefined && becomesJson(type.values);
    case "struct":
      return type.members.every((member) => becomesJson(member.type));
  }
}
