import { quoteValue } from "./quote-value.ts";

/** A suggestion for an unknown name. */
export interface Suggestion {
  /** The most similar known name. */
  readonly suggestion: string | undefined;
}

/** A suggestion, and all known names. */
export interface KnownNames extends Suggestion {
  readonly known: readonly string[];
}

/** The hint for an unknown name, if a known one is similar. */
export function didYouMean({ suggestion }: Suggestion): string | undefined {
  return suggestion === undefined ? undefined : `Did you mean ${quoteValue(suggestion)}?`;
}

/** The hint for an unknown name: a similar one, else the known ones. */
export function suggestOrList({ suggestion, known }: KnownNames): string {
  const names = known.slice(0, maxListed).map(quoteValue);
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : "";
  return didYouMean({ suggestion }) ?? `Known: ${names.join(", ")}${more}.`;
}

/** The most names in a hint. */
const maxListed = 10;
