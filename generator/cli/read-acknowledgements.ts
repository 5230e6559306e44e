import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import {
  type AcknowledgementsFile,
  acknowledgeChanges,
  parseAcknowledgements,
  type VersionDiff,
} from "../diff/index.ts";
import { ok, type Result } from "../pipeline/result.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { readTextIfThere } from "../project/files/read-text.ts";
import type { OpenedProject } from "../project/open-project.ts";

/** A diff with its acknowledged changes marked. */
export interface DiffWithAcknowledgements {
  readonly diff: VersionDiff;
  /** Diagnostics of the file of acknowledgements. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of that file by its path, for code frames. */
  readonly sources: Readonly<Record<string, string>>;
  readonly file: AcknowledgementsFile;
}

/** Marks the changes of a diff that the project's file acknowledges. Without the file, it marks none. */
export async function readAcknowledgements(
  diff: VersionDiff,
  { root, config }: OpenedProject,
): Promise<Result<DiffWithAcknowledgements>> {
  const path = config.diff.acknowledgements;
  const read = await guardFiles(root, () => readTextIfThere(root, path));
  if (!read.ok) return read;
  if (read.value === undefined)
    return ok({ diff, diagnostics: [], sources: {}, file: { path, entries: undefined } });
  const { acknowledgements, diagnostics } = parseAcknowledgements(path, read.value);
  // An invalid entry may be meant for a change, so that no entry can be called unused.
  const acknowledged = acknowledgeChanges(diff, acknowledgements);
  return ok({
    diff: acknowledged.diff,
    diagnostics: hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...acknowledged.diagnostics],
    sources: { [path]: read.value },
    file: { path, entries: acknowledgements.length },
  });
}
