/**
 * Texts that stand for dates, times and UUIDs, as RFC 3339 and JSON Schema write them: one pattern for JavaScript, for
 * DuckDB, and for the constraints in generated modules.
 */
export const textForms: { readonly [form in "date" | "time" | "uuid"]: string } = {
  date: String.raw`^\d{4}-\d\d-\d\d$`,
  time: String.raw`^\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6}0*)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`,
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
};

/** SQL: whether a text is a date such as `2026-01-31`. */
export function isDateSql(text: string): string {
  return `regexp_matches(${text}, '${textForms.date}') AND TRY_CAST(${text} AS DATE) IS NOT NULL`;
}

/** SQL: whether a text is a time such as `2026-01-31T12:00:00.123456Z`, no finer than a microsecond. */
export function isTimeSql(text: string): string {
  return `regexp_matches(${text}, '${textForms.time}') AND TRY_CAST(upper(${text}) AS TIMESTAMPTZ) IS NOT NULL`;
}

/** SQL: whether a text is a UUID with its dashes. */
export function isUuidSql(text: string): string {
  return `regexp_matches(${text}, '${textForms.uuid}')`;
}
