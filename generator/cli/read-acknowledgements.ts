import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { acknowledgeChanges, parseAcknowledgements, type VersionDiff } from "../diff/index.ts";
import { guardFiles, type Outcome, readTextIfThere } from "../output/index.ts";
import type { OpenedProject } from "./open-project.ts";

/** A diff in which the changes that somebody signed are marked. */
export interface SignedDiff {
  readonly diff: VersionDiff;
  /** What is wrong with the file of acknowledged changes. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of that file, by its path, for the diagnostics to be shown in. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Marks the changes of a diff that the project's file acknowledges. Without the file nothing is. */
export async function readAcknowledgements(
  diff: VersionDiff,
  { root, config }: OpenedProject,
): Promise<Outcome<SignedDiff>> {
  const file = config.diff.acknowledgements;
  const read = await guardFiles(root, () => readTextIfThere(root, file));
  if (read.kind === "problems") return read;
  if (read.value === undefined) return { kind: "done", value: { diff, diagnostics: [], sources: {} } };
  const { acknowledgements, diagnostics } = parseAcknowledgements(file, read.value);
  const sources = { [file]: read.value };
  // An entry with a mistake may be the one that is meant for a change: none is told to be unused.
  const signed = acknowledgeChanges(diff, acknowledgements);
  return {
    kind: "done",
    value: {
      diff: signed.diff,
      diagnostics: hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...signed.diagnostics],
      sources,
    },
  };
}
