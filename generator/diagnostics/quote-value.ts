const maxLength = 60;

/** A value as JSON, truncated to fit a sentence. */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}

/** Quoted names in a sentence: `"a", "b" or "c"`. */
export function quoteList(names: readonly unknown[], conjunction: "and" | "or"): string {
  return joinWords(names.map(quoteValue), conjunction);
}

/** Words in a sentence: `a, b or c`. */
export function joinWords(words: readonly string[], conjunction: "and" | "or"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
