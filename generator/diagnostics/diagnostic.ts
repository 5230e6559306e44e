import { catalogue, type DiagnosticCode, type DiagnosticFacts } from "./catalogue.ts";

/** A place in a source file. Lines and columns count from 1, columns and length in UTF-16 units, as editors do. */
export interface Location {
  /** Path relative to the project, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How much to underline; never beyond the end of the line. */
  readonly length: number;
}

/** How bad it is: an error stops generation, a warning does not. */
export type Severity = "error" | "warning";

/** What is wrong with a source, where, and how to mend it. A union by `code`: each code has its own `facts`. */
export type Diagnostic = { [Code in DiagnosticCode]: DiagnosticOf<Code> }[DiagnosticCode];

interface DiagnosticOf<Code extends DiagnosticCode> extends Location {
  readonly code: Code;
  readonly severity: Severity;
  /** The rule and the offending value, in one sentence. */
  readonly message: string;
  /** How to mend it. */
  readonly hint?: string;
  readonly facts: DiagnosticFacts[Code];
}

/** Makes the diagnostic of a code at a place. */
export function report<Code extends DiagnosticCode>(
  code: Code,
  at: Location,
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

/** Orders diagnostics by file, then place, then code. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
