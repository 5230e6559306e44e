import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Sources } from "../source/source-file.ts";
import { renderDiagnosticsGithub } from "./github/workflow-command.ts";
import { renderDiagnosticsJson } from "./json/render-json.ts";
import { type DiagnosticTextOptions, renderDiagnosticsText } from "./text/render-diagnostics.ts";

/** Output formats of diagnostics. */
export const diagnosticFormats = ["text", "json", "github"] as const;

/** See {@link diagnosticFormats}. */
export type DiagnosticFormat = (typeof diagnosticFormats)[number];

/** Diagnostics, and the sources that they are about. */
export interface DiagnosedSources {
  readonly sources: Sources;
  readonly diagnostics: readonly Diagnostic[];
}

/** Renders diagnostics in a format; as text, nothing where there are none. */
export function renderDiagnostics(
  format: DiagnosticFormat,
  { sources, diagnostics }: DiagnosedSources,
  options: DiagnosticTextOptions,
): string {
  switch (format) {
    case "text":
      return diagnostics.length === 0 ? "" : renderDiagnosticsText(diagnostics, sources, options);
    case "json":
      return renderDiagnosticsJson(diagnostics);
    case "github":
      return renderDiagnosticsGithub(diagnostics);
  }
}
