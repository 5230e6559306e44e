import { type Manifest, manifestVersion } from "../manifest/manifest.ts";
import { parseManifest } from "../manifest/parse-manifest.ts";
import type { Problem } from "../project/output/index.ts";

/** A manifest, or why the text of one can't be compared with. */
export type ManifestText =
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | {
      readonly kind: "unreadable";
      /** What is wrong, as words in a sentence. */
      readonly reason: string;
      /** Which tool wrote it, as far as that is why. */
      readonly writtenBy?: "newer tool" | "older tool";
    };

/** Path of the manifest in an output folder. */
export function manifestPath(folder: string): string {
  return `${folder}/versions.json`;
}

/** Reads the text of a manifest. */
export function readManifestText(text: string): ManifestText {
  const reading = parseManifest(text);
  if (reading.kind === "manifest") return reading;
  const { message: reason } = reading;
  if (reading.kind === "unreadable" || !Number.isInteger(reading.version)) {
    return { kind: "unreadable", reason };
  }
  const isNewer = Number(reading.version) > manifestVersion;
  return { kind: "unreadable", reason, writtenBy: isNewer ? "newer tool" : "older tool" };
}

/** Why a manifest that was asked for by name can't be compared with, and what to do. `place` as words in a sentence. */
export function explainUnreadable(
  location: string,
  { reason, writtenBy }: ManifestText & { kind: "unreadable" },
): Problem {
  const hint = {
    "newer tool": "Update stemma here, or name another base with --against.",
    "older tool": "Let this version of stemma generate that state anew, or name another base with --against.",
    nobody: "Generate it anew in that state, or name another base with --against.",
  }[writtenBy ?? "nobody"];
  return { message: `${location} can't be read: ${reason}.`, hint };
}
