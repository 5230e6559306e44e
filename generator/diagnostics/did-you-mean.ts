/** A known name that an unknown one most likely stands for. */
export interface Suggestion {
  readonly suggestion: string | undefined;
}

/** The hint that goes with an unknown name, if a known one is close. */
export function didYouMean({ suggestion }: Suggestion): string | undefined {
  return suggestion === undefined ? undefined : `Did you mean "${suggestion}"?`;
}
