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
  readonly errors: readonly [Failure, ...Failure[]];
}

/** A success with its value. */
export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

/** A failure with all its reasons. */
export function fail<Failure>(...errors: readonly [Failure, ...Failure[]]): Failed<Failure> {
  return { ok: false, errors };
}

/** A success if nothing went wrong, else a failure with all that did. */
export function okUnless<Value, Failure>(errors: readonly Failure[], value: Value): Result<Value, Failure> {
  const [first, ...others] = errors;
  return first === undefined ? ok(value) : fail(first, ...others);
}
