import type { Severity } from "./severity.ts";

/** An error stops generation, a warning does not. */
export type DiagnosticSeverity = Exclude<Severity, "info">;

/** The severity and the messages of a code. */
export interface DiagnosticRule<Facts> {
  readonly severity: DiagnosticSeverity;
  /** The rule and the offending value, in one sentence. */
  message(facts: Facts): string;
  /** The remedy. */
  hint?(facts: Facts): string | undefined;
}

/** A table of rules: one for each code of an interface of facts. */
export type DiagnosticRules<Facts> = { readonly [Code in keyof Facts]: DiagnosticRule<Facts[Code]> };
