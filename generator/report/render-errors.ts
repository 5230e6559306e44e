import type { CliError, CliWarning } from "../diagnostics/cli-error.ts";

/** An error or a warning as text: what is wrong, and below it what to do. */
export function renderError(severity: "error" | "warning", { message, hint }: CliWarning): string {
  return `${severity}: ${message}\n${hint === undefined ? "" : `  = ${hint}\n`}`;
}

/** The first error, and the further ones: `{ "error": { "code", "message", "hint", "diagnostics", "further" } }`. */
export function renderErrorsJson([first, ...further]: readonly CliError[]): string {
  if (first === undefined) return "";
  const error = { ...jsonOf(first), ...(further.length === 0 ? {} : { further: further.map(jsonOf) }) };
  return `${JSON.stringify({ error }, undefined, 2)}\n`;
}

function jsonOf({ code, message, hint, diagnosed }: CliError): object {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(diagnosed === undefined ? {} : { diagnostics: diagnosed.diagnostics }),
  };
}
