import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type KnownNames, suggestOrList } from "./did-you-mean.ts";

/** Facts of diagnostics about the settings of a project. */
export interface ConfigFacts {
  "config-not-an-object": { readonly value: unknown };
  "config-unknown-setting": KnownNames & { readonly setting: string };
  "config-invalid-value": { readonly setting: string; readonly value: unknown; readonly expected: string };
  "config-unknown-store": KnownNames & { readonly store: string };
  "config-overlapping-folders": { readonly schemas: string; readonly generated: string };
  /** `other`: the other file with settings. */
  "config-in-two-places": { readonly other: string };
}

export const configRules: DiagnosticRules<ConfigFacts> = {
  "config-not-an-object": {
    severity: "error",
    message: ({ value }) => `The settings must be an object, not ${truncated(value)}.`,
    hint: () =>
      'Write, for example, { "generated": "src/generated" }, or remove them: every setting has a default.',
  },
  "config-unknown-setting": {
    severity: "error",
    message: ({ setting }) => `Unknown setting "${setting}".`,
    hint: suggestOrList,
  },
  "config-invalid-value": {
    severity: "error",
    message: ({ setting, value, expected }) =>
      value === undefined
        ? `"${setting}" is missing: it must be ${expected}.`
        : `"${setting}" must be ${expected}, not ${truncated(value)}.`,
  },
  "config-unknown-store": {
    severity: "error",
    message: ({ store }) => `Unknown store "${store}": "stores" does not define it.`,
    hint: (facts) =>
      facts.known.length === 0
        ? 'Define it there, for example "stores": { "production": { "database": "features.duckdb" } }.'
        : suggestOrList(facts),
  },
  "config-overlapping-folders": {
    severity: "error",
    message: ({ schemas, generated }) =>
      schemas === generated
        ? `"schemas" and "generated" are the same folder, ${schemas}.`
        : `The folder ${schemas} of the specs and the folder ${generated} of the modules overlap.`,
    hint: () => "Give the generated modules a folder of their own.",
  },
  "config-in-two-places": {
    severity: "error",
    message: ({ other }) => `The project has settings both here and in ${other}.`,
    hint: ({ other }) => `Keep one of the two: move these to ${other}, or remove that file.`,
  },
};

function truncated(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
