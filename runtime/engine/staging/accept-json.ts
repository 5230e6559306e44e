import type { CheckStep } from "../../contract.ts";
import { type CastCheck, scalarCast } from "./accept-scalar.ts";
import type { Accepted } from "./accepted.ts";
import type { DuckType } from "./duck-type.ts";

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

/**
 * SQL over the text of a JSON value: what is wrong with it for other programs, null where nothing is.
 *
 * DuckDB takes NaN, Infinity and a comma too many, which are not JSON. JavaScript would round long integers, and make
 * null of 1e400. An integer beyond 2^53 is fine where a number holds it, or where it is what a number prints as.
 */
function jsonProblemSql(text: string): string {
  const bare = `regexp_replace(${text}, '"(?:[^"\\\\]|\\\\.)*"', '""', 'g')`;
  return `CASE
    WHEN NOT regexp_matches(${text}, '[0-9]{16}|[0-9.][eE][+-]?[0-9]{3}|,\\s*[\\]}]|[nN][aA][nN]|[iI][nN][fF]') THEN NULL
    WHEN regexp_matches(${bare}, ',\\s*[\\]}]|[nN][aA][nN]|[iI][nN][fF]') THEN 'syntax'
    WHEN list_contains(list_transform(regexp_extract_all(${bare}, '${numberToken}'), lambda n: ${isLossySql("n")}), true) THEN 'number'
    END`.replaceAll(/\n\s*/g, " ");
}

const numberToken = "-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";

/** SQL: whether JavaScript reads a printed number as another one. */
function isLossySql(token: string): string {
  const number = `TRY_CAST(${token} AS DOUBLE)`;
  const isInteger = `regexp_matches(${token}, '^-?[0-9]+$')`;
  const digits = `rtrim(ltrim(${token}, '-0'), '0')`;
  // The digits of the shortest print, without its exponent.
  const printed = `rtrim(ltrim(replace(regexp_extract(${number}::VARCHAR, '^-?([0-9.]+)', 1), '.', ''), '0'), '0')`;
  const isHeld = `coalesce(TRY_CAST(${token} AS HUGEINT) = TRY_CAST(${number} AS HUGEINT), false)`;
  return `CASE WHEN ${number} IS NULL OR isinf(${number}) THEN true
    WHEN ${number} = 0 THEN regexp_matches(${token}, '^-?[0.]*[1-9]')
    WHEN ${isInteger} AND length(${token}) > 15 THEN NOT (${isHeld} OR ${digits} = ${printed})
    ELSE false END`;
}
