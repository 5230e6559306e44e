import type { Severity } from "./diagnostic.ts";

/** How a code is worded. */
export interface DiagnosticRule<Facts> {
  readonly severity: Severity;
  /** The rule and the offending value, in one sentence. */
  message(facts: Facts): string;
  /** How to mend it. */
  hint?(facts: Facts): string | undefined;
}

/** A table of rules: one for each code of an interface of facts. */
export type DiagnosticRules<Facts> = { readonly [Code in keyof Facts]: DiagnosticRule<Facts[Code]> };
