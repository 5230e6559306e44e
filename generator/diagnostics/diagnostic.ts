import { catalogue, type DiagnosticCode, type DiagnosticFacts } from "./catalogue.ts";
import type { DiagnosticSeverity } from "./diagnostic-rule.ts";
import type { SourceSpan } from "./location.ts";

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
