/**
 * SQL over the text of a JSON value: what is wrong with it for other programs, null where nothing is.
 *
 * DuckDB takes NaN, Infinity and a comma too many, which are not JSON. JavaScript would round long integers, and make
 * null of 1e400. An integer beyond 2^53 is fine where a number holds it, or where it is what a number prints as.
 */
export function jsonProblemSql(text: string): string {
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
