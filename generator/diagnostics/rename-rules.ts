import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { quoteValue } from "./quote-value.ts";

/** What has a `renamedFrom`. */
export type RenamedKind = "feature" | "field" | "column";

/** Facts of diagnostics about a `renamedFrom`. */
export interface RenameFacts {
  "renamed-from-exists": { readonly kind: RenamedKind; readonly from: string };
  "renamed-from-itself": { readonly kind: RenamedKind; readonly from: string; readonly name: string };
  "renamed-from-twice": { readonly kind: RenamedKind; readonly from: string; readonly other: string };
  "renamed-from-misplaced": Readonly<Record<never, never>>;
}

/** Messages of diagnostics about a `renamedFrom`. */
export const renameRules: DiagnosticRules<RenameFacts> = {
  "renamed-from-exists": {
    severity: "error",
    message: ({ kind, from }) => `The ${kind} ${quoteValue(from)} still exists, so it was not renamed.`,
    hint: ({ kind }) => `Remove "renamedFrom", or the ${kind} of that name.`,
  },
  "renamed-from-itself": {
    severity: "error",
    message: ({ kind, from, name }) =>
      from === name
        ? `The ${kind} is renamed from its own name.`
        : `${quoteValue(from)} and ${quoteValue(name)} differ only in case, which DuckDB ignores.`,
    hint: ({ from, name }) =>
      from === name
        ? 'Write the old name in "renamedFrom", or remove it.'
        : 'Choose another name, or keep the old one and remove "renamedFrom".',
  },
  "renamed-from-twice": {
    severity: "error",
    message: ({ kind, from, other }) =>
      `The ${kind} ${quoteValue(other)} is already renamed from ${quoteValue(from)}.`,
    hint: () => 'Keep "renamedFrom" at one of the two.',
  },
  "renamed-from-misplaced": {
    severity: "error",
    message: () => 'Only a column, a field or a feature can have "renamedFrom", not a part of a column.',
    hint: () => 'Write it in "properties", next to the type of the column itself.',
  },
};
