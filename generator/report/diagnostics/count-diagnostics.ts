import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

/** Sums diagnostics up: `3 errors, 1 warning in 2 files`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const files = new Set(diagnostics.map(({ file }) => file)).size;
  const counts = [
    ...(errors > 0 || warnings === 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return diagnostics.length === 0 ? "no errors" : `${counts.join(", ")} in ${counted(files, "file")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
