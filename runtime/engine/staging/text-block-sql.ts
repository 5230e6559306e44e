/**
 * SQL of the rows of a `TextBlock`; parameters are the joined texts of the parts that are there.
 *
 * `values` gives the columns from SQL of the parts. A part that no row has is NULL and no parameter: to unnest nothing
 * beside something costs DuckDB more than all the rest.
 */
export function blockSelect(
  values: (part: (index: number) => string) => readonly string[],
  isPresent: readonly boolean[],
  isEscaped: boolean,
): string {
  const parts = isPresent.flatMap((is, part) => (is ? [part] : []));
  const texts = parts.map((part, index) => `unnest(string_split($${index + 1}, chr(30))) AS t${part}`);
  const columns = values((part) => (isPresent[part] === true ? textSql(part, isEscaped) : "NULL::VARCHAR"));
  return `SELECT ${columns.join(", ")} FROM (SELECT ${texts.join(", ")})`;
}

function textSql(part: number, isEscaped: boolean): string {
  const text = `nullif(t${part}, chr(29))`;
  return isEscaped ? `replace(replace(${text}, chr(29) || '1', chr(30)), chr(29) || '0', chr(29))` : text;
}
