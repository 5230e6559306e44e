import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type KnownNames, meantOrKnown } from "./did-you-mean.ts";

/** Facts of what is wrong with the settings of a project. */
export interface ConfigFacts {
  "config-not-an-object": { readonly value: unknown };
  "config-unknown-setting": KnownNames & { readonly setting: string };
  "config-invalid-value": { readonly setting: string; readonly value: unknown; readonly wanted: string };
  "config-unknown-store": KnownNames & { readonly store: string };
  "config-overlapping-folders": { readonly schemas: string; readonly generated: string };
  /** `other`: the file in which settings stand too. */
  "config-in-two-places": { readonly other: string };
}

export const configRules: DiagnosticRules<ConfigFacts> = {
  "config-not-an-object": {
    severity: "error",
    message: ({ value }) => `The settings must be an object, not ${shown(value)}.`,
    hint: () =>
      'Write for example { "generated": "src/generated" }, or remove them: every setting has a default.',
  },
  "config-unknown-setting": {
    severity: "error",
    message: ({ setting }) => `There is no setting "${setting}".`,
    hint: meantOrKnown,
  },
  "config-invalid-value": {
    severity: "error",
    message: ({ setting, value, wanted }) =>
      value === undefined
        ? `"${setting}" is missing: it must be ${wanted}.`
        : `"${setting}" must be ${wanted}, not ${shown(value)}.`,
  },
  "config-unknown-store": {
    severity: "error",
    message: ({ store }) => `There is no store "${store}" in "stores".`,
    hint: (facts) =>
      facts.known.length === 0
        ? 'Name it there, for example "stores": { "production": { "database": "features.duckdb" } }.'
        : meantOrKnown(facts),
  },
  "config-overlapping-folders": {
    severity: "error",
    message: ({ schemas, generated }) =>
      schemas === generated
        ? `"schemas" and "generated" are the same folder, ${schemas}.`
        : `The specs in ${schemas} would lie among the modules in ${generated}.`,
    hint: () => "Give the generated modules a folder of their own.",
  },
  "config-in-two-places": {
    severity: "error",
    message: ({ other }) => `The project has settings here and in ${other} too.`,
    hint: ({ other }) => `Keep one of the two: move these to ${other}, or remove that file.`,
  },
};

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
