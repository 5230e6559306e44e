import type { ErrorFacts } from "./errors.ts";

/** Codes of warnings. */
export type StoreWarningCode = "null-id";

/**
 * A problem in a store that stops nothing: the message says what is ignored, and which command repairs it.
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
