import { quoteValue } from "./quote-value.ts";

/** What goes with a name that is not known. */
export interface Suggestion {
  /** The known name that it most likely stands for. */
  readonly suggestion: string | undefined;
}

/** A suggestion, and the names that there are. */
export interface KnownNames extends Suggestion {
  readonly known: readonly string[];
}

/** The hint that goes with an unknown name, if a known one is close. */
export function didYouMean({ suggestion }: Suggestion): string | undefined {
  return suggestion === undefined ? undefined : `Did you mean ${quoteValue(suggestion)}?`;
}

/** The hint that goes with an unknown name: the one that was meant, else those that there are. */
export function meantOrKnown({ suggestion, known }: KnownNames): string {
  const names = known.slice(0, listed).map(quoteValue);
  const more = known.length > listed ? ` and ${known.length - listed} more` : "";
  return didYouMean({ suggestion }) ?? `There is ${names.join(", ")}${more}.`;
}

/** How many names a hint lists. */
const listed = 10;
