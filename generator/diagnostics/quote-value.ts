const longest = 60;

/** A value as JSON, short enough to stand in a sentence. */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Quoted names as they are listed in a sentence: `"a", "b" or "c"`. */
export function quoteList(names: readonly unknown[], conjunction: "and" | "or"): string {
  const quoted = names.map(quoteValue);
  const last = quoted.at(-1) ?? "";
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
