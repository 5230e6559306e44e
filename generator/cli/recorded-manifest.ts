import { type Manifest, manifestVersion, parseManifest } from "../manifest/index.ts";
import { guardFiles, type Outcome, type Problem, readTextIfThere } from "../output/index.ts";

/** The manifest of the last run, as far as it can be read. */
export interface RecordedManifest {
  readonly manifest?: Manifest;
  /** Why it can't be compared with; generating anew mends it. */
  readonly warning?: Problem;
}

/** Reads the manifest that lies in the output folder. That of a newer tool is not to be replaced by an older one. */
export async function readRecordedManifest(root: string, folder: string): Promise<Outcome<RecordedManifest>> {
  const file = `${folder}/versions.json`;
  const read = await guardFiles(root, () => readTextIfThere(root, file));
  if (read.kind === "problems") return read;
  if (read.value === undefined) return { kind: "done", value: {} };
  const reading = parseManifest(read.value);
  if (reading.kind === "manifest") return { kind: "done", value: { manifest: reading.manifest } };
  if (reading.kind === "unknown-version" && Number(reading.version) > manifestVersion) {
    const problem = {
      message: `${file} was written by a newer version of stemma: ${reading.message}.`,
      hint: "Update stemma here, or remove that file to go back to this version.",
    };
    return { kind: "problems", problems: [problem] };
  }
  const message = `No versions to compare with: ${file} can't be read, ${reading.message}.`;
  return { kind: "done", value: { warning: { message } } };
}
