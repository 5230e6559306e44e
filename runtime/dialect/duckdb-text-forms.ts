import { textForms } from "../columns/text-forms.ts";

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
