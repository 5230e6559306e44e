import type { CliError } from "../diagnostics/cli-error.ts";

/**
 * The outcome of something that fails for reasons that users can mend: a value, or all that is wrong. A bug is a throw.
 *
 * @example
 * ```ts
 * const read = await loadSources(root, folders);
 * if (!read.ok) return read;
 * compile(read.value);
 * ```
 */
export type Result<Value, Failure = CliError> = Ok<Value> | Failed<Failure>;

/** What succeeded. */
export interface Ok<Value> {
  readonly ok: true;
  readonly value: Value;
}

/** What failed. */
export interface Failed<Failure> {
  readonly ok: false;
  /** At least one. */
  readonly errors: readonly Failure[];
}

/** A success with its value. */
export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

/** A failure with all its reasons. */
export function fail<Failure>(...errors: readonly Failure[]): Failed<Failure> {
  return { ok: false, errors };
}
