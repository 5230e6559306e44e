/** Names in a sentence: `a, b and 3 more`. */
export function listing(names: readonly string[], most: number): string {
  if (names.length > most) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  const [last, ...others] = names.toReversed();
  return others.length === 0 ? `${last ?? ""}` : `${others.toReversed().join(", ")} and ${last}`;
}

/** A number of things: `1 field`, `2 fields`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A version as people tell it from others. */
export function shortVersion(version: string): string {
  return version.slice(0, 8);
}
