import type { DiagnosticRules } from "./diagnostic-rule.ts";

/** Facts of what is wrong with a text, before anything is known of its meaning. */
export interface SourceFacts {
  "json-syntax": { readonly detail: string };
  "json-duplicate-key": { readonly name: string };
}

export const sourceRules: DiagnosticRules<SourceFacts> = {
  "json-syntax": { severity: "error", message: ({ detail }) => `This is not JSON: ${detail}.` },
  "json-duplicate-key": {
    severity: "error",
    message: ({ name }) => `The property "${name}" stands twice in one object.`,
    hint: () => "Remove one of the two: JSON readers would keep only the last.",
  },
};
