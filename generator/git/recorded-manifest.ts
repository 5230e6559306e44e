import type { CliWarning } from "../diagnostics/cli-error.ts";
import type { Manifest } from "../manifest/index.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { readTextIfThere } from "../project/files/read-text.ts";
import type { BaseProject } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { manifestPath } from "./manifest-text.ts";

/** The manifest of the last run, if it can be read. */
export interface RecordedManifest {
  readonly manifest?: Manifest;
  /** Why it cannot be used. Generating again fixes it. */
  readonly warning?: CliWarning;
}

/** Reads the manifest in the output folder. It fails on one of a newer tool, which an older one must not replace. */
export async function readRecordedManifest({
  root,
  config,
  manifestCache = new ManifestCache(),
}: BaseProject): Promise<Result<RecordedManifest>> {
  const file = manifestPath(config.generated);
  const read = await guardFiles(root, () => readTextIfThere(root, file));
  if (!read.ok) return read;
  if (read.value === undefined) return ok({});
  const reading = manifestCache.read(read.value);
  if (reading.ok) return ok({ manifest: reading.value });
  const [{ message: reason, writtenBy }] = reading.errors;
  if (writtenBy === "newer tool") {
    return fail({
      code: "manifest-newer",
      message: `${file} was written by a newer version of stemma: ${reason}.`,
      hint: "Update stemma here, or remove that file to go back to this version.",
    });
  }
  const message = `No versions to compare with: ${file} can't be read, ${reason}.`;
  return ok({ warning: { message } });
}
