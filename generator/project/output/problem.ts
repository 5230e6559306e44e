/** What stands in the way of a command, apart from what is wrong inside of a source. */
export interface Problem {
  /** What is wrong, and with which file, in one sentence. */
  readonly message: string;
  /** How to mend it. */
  readonly hint?: string;
}

/** What came of something that files can thwart. */
export type Outcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** The outcome of something that went well. */
export function done<Value>(value: Value): Outcome<Value> {
  return { kind: "done", value };
}

/** The outcome of something that can't go on. */
export function stopped(...problems: readonly Problem[]): Outcome<never> {
  return { kind: "problems", problems };
}
