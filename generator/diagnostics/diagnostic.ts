import { type AcknowledgementFacts, acknowledgementRules } from "./acknowledgement-rules.ts";
import { type ColumnFacts, columnRules } from "./column-rules.ts";
import { type DepFacts, depRules } from "./dep-rules.ts";
import type { DiagnosticRules, DiagnosticSeverity } from "./diagnostic-rule.ts";
import { type KnownNames, suggestOrList } from "./did-you-mean.ts";
import { type FeatureFacts, featureRules } from "./feature-rules.ts";
import { type JoinFacts, joinRules } from "./join-rules.ts";
import type { SourceSpan } from "./location.ts";
import { type NamingFacts, namingRules } from "./naming-rules.ts";
import { type ReferenceFacts, referenceRules } from "./reference-rules.ts";
import { type RenameFacts, renameRules } from "./rename-rules.ts";
import { type ShapeFacts, shapeRules } from "./shape-rules.ts";

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

const configRules: DiagnosticRules<ConfigFacts> = {
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

/** A mistake in a source, its location and its remedy. A union by `code`: each code has its own `facts`. */
export type Diagnostic = { [Code in DiagnosticCode]: DiagnosticOf<Code> }[DiagnosticCode];

interface DiagnosticOf<Code extends DiagnosticCode> extends SourceSpan {
  readonly code: Code;
  /** An error stops generation, a warning does not. */
  readonly severity: DiagnosticSeverity;
  /** The rule and the offending value, in one sentence. */
  readonly message: string;
  /** The remedy. */
  readonly hint?: string;
  readonly facts: DiagnosticFacts[Code];
}

/** Creates the diagnostic of a code at a location. */
export function createDiagnostic<Code extends DiagnosticCode>(
  code: Code,
  at: SourceSpan,
  facts: DiagnosticFacts[Code],
): Diagnostic {
  const rule = catalogue[code];
  const hint = rule.hint?.(facts);
  return {
    code,
    severity: rule.severity,
    message: rule.message(facts),
    ...(hint === undefined ? {} : { hint }),
    file: at.file,
    line: at.line,
    column: at.column,
    length: at.length,
    facts,
  } as Diagnostic;
}

/** Whether any of the diagnostics is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Sorts diagnostics by file, then location, then code. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Facts of diagnostics about the JSON of a file. */
export interface SourceFacts {
  "json-syntax": { readonly detail: string };
  "json-too-large": { readonly characters: number; readonly limit: number };
  "json-too-deep": { readonly limit: number };
  "json-duplicate-key": { readonly name: string };
  /** `unit`: the half of the pair, in hexadecimal. */
  "json-lone-surrogate": { readonly codeUnit: string };
  /** `written`: the number in the file; `read`: what JavaScript makes of it. */
  "json-number": { readonly written: string; readonly read: number };
}

const sourceRules: DiagnosticRules<SourceFacts> = {
  "json-syntax": { severity: "error", message: ({ detail }) => `This is not JSON: ${detail}.` },
  "json-too-large": {
    severity: "error",
    message: ({ characters, limit }) =>
      `The file has ${characters} characters, but a spec may have at most ${limit}.`,
    hint: () => "Move data out of the spec: a spec only describes columns and fields.",
  },
  "json-too-deep": {
    severity: "error",
    message: ({ limit }) => `Values are nested deeper than ${limit} levels here.`,
    hint: () => 'Move inner parts to "$defs" and refer to them.',
  },
  "json-duplicate-key": {
    severity: "error",
    message: ({ name }) => `The property "${name}" is declared twice in one object.`,
    hint: () => "Remove one of the two: JSON readers keep only the last.",
  },
  "json-lone-surrogate": {
    severity: "error",
    message: ({ codeUnit }) =>
      `Half of a surrogate pair, \\u${codeUnit}, is not a character and can't be hashed or stored.`,
    hint: () => "Write the character itself, or both halves of the pair.",
  },
  "json-number": {
    severity: "error",
    message: ({ written, read }) =>
      `The number ${shortened(written)} can't be represented: it would be read as ${read}.`,
    hint: () => "Integers are exact up to 2^53 (9007199254740992), other numbers go up to 1.8e308.",
  },
};

function shortened(number: string): string {
  return number.length > 40 ? `${number.slice(0, 40)}…` : number;
}

/** Facts of diagnostics about the specs of a project together. */
export interface ProjectFacts extends NamingFacts, DepFacts, JoinFacts {}

export const projectRules: DiagnosticRules<ProjectFacts> = {
  ...namingRules,
  ...depRules,
  ...joinRules,
};

/** The facts of each code. The keys are the codes. */
export interface DiagnosticFacts
  extends SourceFacts,
    ShapeFacts,
    ReferenceFacts,
    RenameFacts,
    ColumnFacts,
    FeatureFacts,
    ProjectFacts,
    ConfigFacts,
    AcknowledgementFacts {}

/** The stable code of a diagnostic. */
export type DiagnosticCode = keyof DiagnosticFacts;

/** The rule of every code. */
export const catalogue: DiagnosticRules<DiagnosticFacts> = {
  ...sourceRules,
  ...shapeRules,
  ...referenceRules,
  ...renameRules,
  ...columnRules,
  ...featureRules,
  ...projectRules,
  ...configRules,
  ...acknowledgementRules,
};
