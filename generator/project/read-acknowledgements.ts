import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import {
  type AcknowledgementsFile,
  acknowledgeChanges,
  parseAcknowledgements,
  type VersionDiff,
} from "../diff/index.ts";
import type { OpenedProject } from "./open-project.ts";
import { done, guardFiles, type Outcome, readTextIfThere } from "./output/index.ts";

/** A diff in which the changes that somebody signed are marked. */
export interface DiffWithAcknowledgements {
  readonly diff: VersionDiff;
  /** What is wrong with the file of acknowledged changes. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of that file, by its path, for the diagnostics to be shown in. */
  readonly sources: Readonly<Record<string, string>>;
  readonly file: AcknowledgementsFile;
}

/** Marks the changes of a diff that the project's file acknowledges. Without the file nothing is. */
export async function readAcknowledgements(
  diff: VersionDiff,
  { root, config }: OpenedProject,
): Promise<Outcome<DiffWithAcknowledgements>> {
  const path = config.diff.acknowledgements;
  const read = await guardFiles(root, () => readTextIfThere(root, path));
  if (read.kind === "problems") return read;
  if (read.value === undefined)
    return done({ diff, diagnostics: [], sources: {}, file: { path, entries: undefined } });
  const { acknowledgements, diagnostics } = parseAcknowledgements(path, read.value);
  // An entry with a mistake may be the one that is meant for a change: none is told to be unused.
  const acknowledged = acknowledgeChanges(diff, acknowledgements);
  return done({
    diff: acknowledged.diff,
    diagnostics: hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...acknowledged.diagnostics],
    sources: { [path]: read.value },
    file: { path, entries: acknowledgements.length },
  });
}
