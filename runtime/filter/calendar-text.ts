/** Reads a day, `2026-01-31`. Gives `undefined` where it is none, a 30 February too. */
export function readDay(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : undefined;
}

const instant =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[Tt ](?<clock>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?<fraction>\.\d+)?(?: ?(?<offset>[Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?)?$/;

/**
 * Reads a point in time as RFC 3339 writes it, and gives it in UTC: `2026-01-31T12:00:00.5Z`. A space for the `T`, no
 * seconds, no offset (UTC) and no time of day (midnight) will do. Gives `undefined` where it is none, also where it is
 * finer than a microsecond.
 */
export function readInstant(text: string): string | undefined {
  const parts = instant.exec(text)?.groups;
  const day = readDay(parts?.["day"] ?? "");
  const fraction = (parts?.["fraction"] ?? "").replace(/\.?0*$/, "");
  if (day === undefined || fraction.length > ".123456".length) return undefined;
  const clock = (parts?.["clock"] ?? "00:00").padEnd("00:00:00".length, ":00");
  const time = new Date(
    Date.parse(`${day}T${clock}Z`) - offsetMinutes(parts?.["offset"]) * 60_000,
  ).toISOString();
  return /^\d{4}-/.test(time) ? `${time.slice(0, "2026-01-31T12:00:00".length)}${fraction}Z` : undefined;
}

/** Minutes that local time is ahead of UTC. */
function offsetMinutes(offset: string | undefined): number {
  if (offset === undefined || offset.toUpperCase() === "Z") return 0;
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2));
  return offset.startsWith("-") ? -minutes : minutes;
}
