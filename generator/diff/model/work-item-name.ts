/** What a work item is named after. */
export interface WorkItemSource {
  readonly grain: readonly string[];
  readonly idColumns: readonly string[];
  /** Key of the feature. */
  readonly key: string;
  /** Keys of its direct upstream features. */
  readonly upstream: readonly string[];
}

/**
 * The name of one work item: `video` where the grain is `video_id`. With another grain, the last part of the key of the
 * feature or, where a work item has several rows, of its first upstream.
 */
export function workItemName({ grain, idColumns, key, upstream }: WorkItemSource): string {
  const [column = "", ...more] = grain;
  const named = more.length === 0 ? column.replace(/_?(?:id|key|uuid)$/i, "") : "";
  if (named !== "") return named.replaceAll("_", " ").trim() || column;
  const isRow = grain.length === idColumns.length && grain.every((name) => idColumns.includes(name));
  const of = isRow ? key : (upstream[0] ?? key);
  return of.slice(of.lastIndexOf("/") + 1).replaceAll(/[_-]+/g, " ");
}

/** The plural of a noun. */
export function pluralOf(noun: string): string {
  if (/s$/i.test(noun)) return noun;
  if (/(?:x|z|ch|sh)$/i.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/i.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
