/** Codes of errors in the use of the library: the arguments or rows of the caller. */
export type InputErrorCode =
  | "contract-mismatch"
  | "samples-required"
  | "rebase-root"
  | "unknown-version"
  | "unknown-option"
  | "conflicting-options"
  | "unsupported-database"
  | "unknown-feature"
  | "unknown-column"
  | "missing-column"
  | "undeclared-column"
  | "wrong-type"
  | "constraint-violated"
  | "not-storable"
  | "unsafe-integer"
  | "null-id"
  | "duplicate-id"
  | "id-of-other-parent"
  | "missing-provenance"
  | "filter-syntax"
  | "filter-type"
  | "project-required"
  | "duplicate-feature"
  | "same-store"
  | "nested-transaction"
  | "transaction-ended"
  | "not-in-increment"
  | "unusable-set"
  | "ambiguous-sample"
  | "wrong-sql"
  | "too-much-work"
  | "too-many-failures"
  | "acknowledgements"
  | "file-not-found"
  | "file-unreadable"
  | "file-format"
  | "file-exists"
  | "file-forbidden"
  | "cancelled";

/** Codes of errors of the store: its database, tables and state. */
export type StoreErrorCode =
  | "database-locked"
  | "database-not-found"
  | "database-unreadable"
  | "database-forbidden"
  | "read-only"
  | "closed"
  | "upstream-missing"
  | "upstream-pending"
  | "table-shape"
  | "column-type"
  | "null-id-stored"
  | "missing-required"
  | "hash-unknown"
  | "hash-mismatch"
  | "hash-unavailable"
  | "wrong-integer"
  | "wrong-stored-type"
  | "out-of-memory"
  | "disk"
  | "conflict"
  | "database";

/** The code of every error that the runtime throws on purpose. */
export type StemmaErrorCode = InputErrorCode | StoreErrorCode;

/** Facts of an error by name, for programs: the feature, table, column or count that the message names. */
export type ErrorFacts = Readonly<Record<string, unknown>>;

/** The base of all errors that the runtime throws on purpose. Its message says what is wrong and what to do. */
export abstract class StemmaError extends Error {
  abstract readonly code: StemmaErrorCode;
  readonly facts: ErrorFacts;

  constructor(message: string, facts: ErrorFacts, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.facts = facts;
  }
}

/** The caller's arguments, rows or filters can't be used. */
export class InputError extends StemmaError {
  override readonly name = "InputError";
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string, facts: ErrorFacts = {}, cause?: unknown) {
    super(message, facts, cause);
    this.code = code;
  }
}

/** The store can't carry out the request. */
export class StoreError extends StemmaError {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, facts: ErrorFacts = {}, cause?: unknown) {
    super(message, facts, cause);
    this.code = code;
  }
}

/**
 * Whether a value is an error of this library, optionally of one code.
 *
 * It compares name and code, so it also recognizes errors of another copy of the library.
 *
 * @example
 * ```ts
 * try {
 *   await store.resolve(Audio);
 * } catch (error) {
 *   if (isStemmaError(error, "samples-required")) console.error(error.message);
 *   else throw error;
 * }
 * ```
 */
export function isStemmaError(error: unknown, code?: StemmaErrorCode): error is InputError | StoreError {
  return (isInputError(error) || isStoreError(error)) && (code === undefined || error.code === code);
}

/** Whether a value is an {@link InputError}. */
export function isInputError(error: unknown): error is InputError {
  return isNamed(error, "InputError");
}

/** Whether a value is a {@link StoreError}. */
export function isStoreError(error: unknown): error is StoreError {
  return isNamed(error, "StoreError");
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name && "code" in error;
}
