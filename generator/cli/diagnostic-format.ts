/** Forms in which diagnostics are printed. */
export const diagnosticFormats = ["text", "json", "github"] as const;

/** See {@link diagnosticFormats}. */
export type DiagnosticFormat = (typeof diagnosticFormats)[number];
