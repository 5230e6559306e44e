/** Refusals that the oracle foresees, by the code of the error that the store throws. */
export type OracleErrorCode =
  | "samples-required"
  | "upstream-missing"
  | "unknown-column"
  | "filter-syntax"
  | "ambiguous-sample";

/** A refusal, where the law wants one. */
export class OracleError extends Error {
  readonly code: OracleErrorCode;

  constructor(code: OracleErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
