import { type Diagnostic, report } from "../../diagnostics/diagnostic.ts";
import type { Change, VersionDiff } from "../version-diff.ts";
import type { Acknowledgement } from "./acknowledgement.ts";

/** A diff whose acknowledged changes are marked. */
export interface AcknowledgedDiff {
  readonly diff: VersionDiff;
  /** Acknowledgements of changes that are not part of it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Marks the acknowledged changes of a diff. They stay listed, and no longer fail. */
export function acknowledgeChanges(
  diff: VersionDiff,
  acknowledgements: readonly Acknowledgement[],
): AcknowledgedDiff {
  const byFingerprint = new Map(acknowledgements.map((each) => [each.fingerprint, each]));
  const unused = new Map(byFingerprint);
  const mark = <Some extends Change>(change: Some): Some => {
    const found = byFingerprint.get(change.fingerprint);
    unused.delete(change.fingerprint);
    return found === undefined ? change : { ...change, acknowledged: true, reason: found.reason };
  };
  return {
    diff: {
      ...diff,
      causes: diff.causes.map(mark),
      features: diff.features.map((feature) => ({ ...feature, changes: feature.changes.map(mark) })),
    },
    diagnostics: [...unused.values()].map(({ rule, feature, at }) =>
      report("acknowledgement-unused", at, { rule, feature }),
    ),
  };
}
