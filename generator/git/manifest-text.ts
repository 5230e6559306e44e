import type { CliError } from "../diagnostics/cli-error.ts";
import { type Manifest, manifestVersion } from "../manifest/manifest.ts";
import { parseManifest } from "../manifest/parse-manifest.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";

/** Why the text of a manifest cannot be used. */
export interface UnreadableManifest {
  /** As words in a sentence. */
  readonly reason: string;
  /** The tool that wrote it, if that is the reason. */
  readonly writtenBy?: "newer tool" | "older tool";
}

/** Path of the manifest in an output folder. */
export function manifestPath(folder: string): string {
  return `${folder}/versions.json`;
}

/** Reads the text of a manifest. */
export function readManifestText(text: string): Result<Manifest, UnreadableManifest> {
  const reading = parseManifest(text);
  if (reading.kind === "manifest") return ok(reading.manifest);
  const { message: reason } = reading;
  if (reading.kind === "unreadable" || !Number.isInteger(reading.version)) return fail({ reason });
  const isNewer = Number(reading.version) > manifestVersion;
  return fail({ reason, writtenBy: isNewer ? "newer tool" : "older tool" });
}

/** The error of a named manifest that cannot be used. `location`: as words in a sentence. */
export function explainUnreadable(location: string, { reason, writtenBy }: UnreadableManifest): CliError {
  const hint = {
    "newer tool": "Update stemma here, or name another base with --against.",
    "older tool":
      "Generate that state again with this version of stemma, or name another base with --against.",
    nobody: "Generate it again in that state, or name another base with --against.",
  }[writtenBy ?? "nobody"];
  return { code: "base-unreadable", message: `${location} can't be read: ${reason}.`, hint };
}
