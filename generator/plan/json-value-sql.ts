import { quoteInCheck } from "../../runtime/dialect/check-sql.ts";
import { checkNumber } from "./check-number.ts";

/** SQL: whether a JSON value is a number. */
export function isJsonNumber(json: string): string {
  return `(json_type(${json}) IN ('BIGINT', 'UBIGINT', 'DOUBLE'))`;
}

/** SQL: whether a JSON value is one of some scalars. */
export function isScalarValue(json: string, values: readonly unknown[]): string {
  const texts = values.filter((value) => typeof value === "string").map(quoteInCheck);
  const numbers = values.filter((value) => typeof value === "number").map(checkNumber);
  const booleans = values.filter((value) => typeof value === "boolean").map((value) => `'${value}'`);
  const among = (type: string, value: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${type} AND ${value} IN (${list.join(", ")})`];
  const text = `json_extract_string(${json}, '$')`;
  return [
    ...among(`json_type(${json}) = 'VARCHAR'`, text, texts),
    ...among(isJsonNumber(json), `TRY_CAST(${json} AS DOUBLE)`, numbers),
    ...among(`json_type(${json}) = 'BOOLEAN'`, text, booleans),
    ...(values.includes(null) ? [`json_type(${json}) = 'NULL'`] : []),
  ]
    .map((test) => `(${test})`)
    .join(" OR ");
}

/** SQL: whether a JSON value is this one, however it is written. NULL counts as no. */
export function isJsonValue(json: string, value: unknown): string {
  if (typeof value !== "object" || value === null) return `(${isScalarValue(json, [value])})`;
  const members = Object.entries(value).map(([name, member]) => {
    const pointer = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return isJsonValue(`json_extract(${json}, ${quoteInCheck(pointer)})`, member);
  });
  const whole = Array.isArray(value)
    ? `json_type(${json}) = 'ARRAY' AND json_array_length(${json}) = ${value.length}`
    : `json_type(${json}) = 'OBJECT' AND len(json_keys(${json})) = ${members.length}`;
  return `coalesce(${[whole, ...members].join(" AND ")}, false)`;
}
