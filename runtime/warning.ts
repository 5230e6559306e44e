import type { ErrorFacts } from "./errors.ts";

/** What is odd in a store, though the work goes on. */
export type StoreWarningCode = "null-id";

/**
 * Something odd in a store that stops nothing: its message says what is left aside, and which command mends it.
 *
 * `null-id`: rows without an id do not count. Facts: `feature`, `table`, `rows`, `columns` (the id columns), `command`.
 *
 * @example
 * ```ts
 * await using store = await openStore("features.duckdb", { onWarning: ({ message }) => log.warn(message) });
 * ```
 */
export interface StoreWarning {
  readonly code: StoreWarningCode;
  readonly message: string;
  readonly facts: ErrorFacts;
}
