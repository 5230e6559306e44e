import type { DiagnosticRules } from "./diagnostic-rule.ts";

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

export const sourceRules: DiagnosticRules<SourceFacts> = {
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
