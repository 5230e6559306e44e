import type { CliError } from "../diagnostics/cli-error.ts";
import type { ManifestError } from "../manifest/index.ts";

/** Path of the manifest in an output folder. */
export function manifestPath(folder: string): string {
  return `${folder}/versions.json`;
}

/** The error of a named manifest that cannot be used. `location`: as words in a sentence. */
export function explainUnreadable(location: string, { message, writtenBy }: ManifestError): CliError {
  const hint = {
    "newer tool": "Update stemma here, or name another base with --against.",
    "older tool":
      "Generate that state again with this version of stemma, or name another base with --against.",
    "this tool": "Generate it again in that state, or name another base with --against.",
  }[writtenBy ?? "this tool"];
  return { code: "base-unreadable", message: `${location} can't be read: ${message}.`, hint };
}
