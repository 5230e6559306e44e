import type { Severity } from "./diagnostic.ts";

/** The facts that each code of diagnostic carries: the union of codes is made of these keys. */
export interface DiagnosticFacts {
  "json-syntax": { readonly detail: string };
  "json-duplicate-key": { readonly name: string };
}

/** Stable code of a diagnostic. */
export type DiagnosticCode = keyof DiagnosticFacts;

/** How a code is worded. */
export interface DiagnosticRule<Facts> {
  readonly severity: Severity;
  message(facts: Facts): string;
  hint?(facts: Facts): string | undefined;
}

/** The wording of every code, in one table. */
export const catalogue: { readonly [Code in DiagnosticCode]: DiagnosticRule<DiagnosticFacts[Code]> } = {
  "json-syntax": { severity: "error", message: ({ detail }) => `This is not JSON: ${detail}.` },
  "json-duplicate-key": {
    severity: "error",
    message: ({ name }) => `The property "${name}" stands twice in one object.`,
    hint: () => "Remove one of the two: JSON readers would keep only the last.",
  },
};
