import { createDiagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Change, VersionDiff } from "../model/version-diff.ts";
import type { Acknowledgement } from "./acknowledgements.ts";

/** A diff whose acknowledged changes are marked. */
export interface AcknowledgedDiff {
  readonly diff: VersionDiff;
  /** Entries that match no change of the diff, or another one than they name. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Marks the acknowledged changes of a diff: they stay listed and never fail. */
export function acknowledgeChanges(
  diff: VersionDiff,
  acknowledgements: readonly Acknowledgement[],
): AcknowledgedDiff {
  const byFingerprint = new Map(acknowledgements.map((each) => [each.fingerprint, each]));
  const unused = new Map(byFingerprint);
  const mismatched: Diagnostic[] = [];
  const acknowledge =
    (feature: string | undefined) =>
    <Some extends Change>(change: Some): Some => {
      const found = byFingerprint.get(change.fingerprint);
      if (found === undefined) return change;
      unused.delete(change.fingerprint);
      if (found.rule === change.rule && found.feature === feature)
        return { ...change, acknowledged: true, reason: found.reason };
      const facts = { stated: namesOf(found), actual: namesOf({ ...change, feature }) };
      mismatched.push(createDiagnostic("acknowledgement-other-change", found.at, facts));
      return change;
    };
  return {
    diff: {
      ...diff,
      causes: diff.causes.map(acknowledge(undefined)),
      features: diff.features.map((feature) => ({
        ...feature,
        changes: feature.changes.map(acknowledge(feature.key)),
      })),
    },
    diagnostics: [
      ...mismatched,
      ...[...unused.values()].map((entry) =>
        createDiagnostic("acknowledgement-unused", entry.at, namesOf(entry)),
      ),
    ],
  };
}

function namesOf({ rule, feature }: { readonly rule: string; readonly feature?: string | undefined }): {
  readonly rule: string;
  readonly feature: string | undefined;
} {
  return { rule, feature };
}
