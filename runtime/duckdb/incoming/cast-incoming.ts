import { type ColumnType, printType } from "../../column-type.ts";
import { InputError } from "../../errors.ts";
import { quoteName } from "../../sql-text.ts";

const integers = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const numbers = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/** Types that a declared scalar takes without losing anything; a text is read as a time, date or UUID. */
const accepted: Readonly<Record<string, RegExp>> = {
  VARCHAR: /^(VARCHAR|ENUM\(.*\))$/,
  BIGINT: integers,
  INT64: integers,
  DOUBLE: numbers,
  BOOLEAN: /^BOOLEAN$/,
  TIMESTAMPTZ: /^(TIMESTAMP.*|DATE|VARCHAR)$/,
  DATE: /^(DATE|VARCHAR)$/,
  UUID: /^(UUID|VARCHAR)$/,
};

/**
 * SQL of an incoming column in its declared type; null where it did not arrive.
 *
 * Refuses types that a cast would bend: DuckDB would round 1.5 to 2, and print true as a text.
 */
export function castIncoming(
  name: string,
  type: ColumnType,
  arrived: string | undefined,
  feature: string,
): string {
  const declared = printType(type);
  if (arrived === undefined) return `NULL::${declared}`;
  const fits = type.kind !== "scalar" || arrived === '"NULL"' || accepted[type.name]?.test(arrived);
  if (!fits) {
    throw new InputError(
      "wrong-type",
      `${name} of rows for ${feature} is ${arrived}, and its spec declares ${declared}. Cast it in the query, where you can see what that does.`,
      { feature, column: name, arrived, declared },
    );
  }
  return `${quoteName(name)}::${declared}`;
}
