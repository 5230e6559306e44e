import { StoreError } from "../../errors.ts";
import { textForms } from "../text-forms.ts";

const timePattern = new RegExp(textForms.time);

/** Microseconds since 1970 of an RFC 3339 time; undefined where it is none, or finer than a microsecond. */
export function parseTime(text: string): bigint | undefined {
  if (!timePattern.test(text)) return undefined;
  const date = text.slice(0, 10);
  const [, fraction = "", offset = ""] = /^(?:\.(\d+))?(.*)$/.exec(text.slice(19)) ?? [];
  const millis = Date.parse(`${date}T${text.slice(11, 19)}${offset.toUpperCase()}`);
  const sameDay = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(millis) || Number.isNaN(sameDay.getTime())) return undefined;
  if (sameDay.toISOString().slice(0, 10) !== date) return undefined;
  return BigInt(millis) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** RFC 3339 in UTC with microseconds. */
export function formatTimestamp(micros: bigint): string {
  const [date, time] = isoParts(micros);
  return `${date}T${time}.${String(modulo(micros, 1_000_000n)).padStart(6, "0")}Z`;
}

/** `2026-01-31`. */
export function formatDate(micros: bigint): string {
  return isoParts(micros)[0];
}

/** Date and whole seconds of day. Years beyond four digits keep the sign that ISO 8601 gives them. */
function isoParts(micros: bigint): readonly [date: string, time: string] {
  const seconds = (micros - modulo(micros, 1_000_000n)) / 1_000_000n;
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) {
    throw new StoreError(
      "wrong-stored-type",
      "A stored date or time is infinite, or later than JavaScript can hold. Write the row again with one within the years 0 to 9999.",
      { micros },
    );
  }
  const [date = "", time = ""] = moment.toISOString().split("T");
  return [date, time.slice(0, 8)];
}

function modulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}

/** Whether a printed time is of a year of four digits, none before the year 0. */
export function isPlainTime(text: string): boolean {
  return text.length === "2026-01-31T12:00:00.123456Z".length && !text.startsWith("-");
}
