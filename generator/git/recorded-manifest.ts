import type { Manifest } from "../manifest/index.ts";
import {
  done,
  guardFiles,
  type Outcome,
  type Problem,
  readTextIfThere,
  stopped,
} from "../project/output/index.ts";
import type { BaseProject } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { manifestPath } from "./manifest-text.ts";

/** The manifest of the last run, as far as it can be read. */
export interface RecordedManifest {
  readonly manifest?: Manifest;
  /** Why it can't be compared with; generating anew mends it. */
  readonly warning?: Problem;
}

/** Reads the manifest that lies in the output folder. That of a newer tool is not to be replaced by an older one. */
export async function readRecordedManifest({
  root,
  config,
  manifestCache = new ManifestCache(),
}: BaseProject): Promise<Outcome<RecordedManifest>> {
  const file = manifestPath(config.generated);
  const read = await guardFiles(root, () => readTextIfThere(root, file));
  if (read.kind === "problems") return read;
  if (read.value === undefined) return done({});
  const reading = manifestCache.read(read.value);
  if (reading.kind === "manifest") return done({ manifest: reading.manifest });
  if (reading.writtenBy === "newer tool") {
    return stopped({
      message: `${file} was written by a newer version of stemma: ${reading.reason}.`,
      hint: "Update stemma here, or remove that file to go back to this version.",
    });
  }
  const message = `No versions to compare with: ${file} can't be read, ${reading.reason}.`;
  return done({ warning: { message } });
}
