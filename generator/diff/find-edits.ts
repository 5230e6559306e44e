import type { ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import type { FieldPair, MovedField } from "./field-pair.ts";
import { isSame } from "./is-same.ts";
import type { CauseRule } from "./version-diff.ts";

/** An edit of a spec that moves versions. */
export interface Edit {
  readonly rule: CauseRule;
  /** Full name of the edited field: where the paths of its causes end. */
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The edits that moved a field by themselves: those of its own, and fields that came or went right above it. What its
 * parents pass on is not among them.
 */
export function findEdits(field: MovedField, known: ReadonlyMap<string, FieldPair>): Edit[] {
  return [...codeVersionEdits(field), ...parentEdits(field, known)];
}

function codeVersionEdits({ fullName, before, after }: MovedField): Edit[] {
  if (before.codeVersion === after.codeVersion) return [];
  return [{ rule: "code-version", field: fullName, from: before.codeVersion, to: after.codeVersion }];
}

function parentEdits(field: MovedField, known: ReadonlyMap<string, FieldPair>): Edit[] {
  const { feature, before, after, fullName } = field;
  const differing = [
    ...after.parents.filter((parent) => !before.parents.includes(parent)),
    ...before.parents.filter((parent) => !after.parents.includes(parent)),
  ];
  if (differing.length === 0) return [];

  const rewired: Edit = {
    rule: "parents-changed",
    field: fullName,
    from: before.parents.join(", "),
    to: after.parents.join(", "),
  };
  if (!isSame(before.deps, after.deps)) return [rewired];
  const edits = differing.flatMap((parent): Edit[] => {
    const upstream = parent.slice(0, parent.indexOf("."));
    const depBefore = depOn(upstream, feature.before);
    const depAfter = depOn(upstream, feature.after);
    if (depBefore === undefined) return [{ rule: "dep-added", field: fullName, to: upstream }];
    if (depAfter === undefined) return [{ rule: "dep-removed", field: fullName, from: upstream }];
    if (!isSame(depBefore.fieldsMapping, depAfter.fieldsMapping)) return [rewired];
    if (known.get(parent)?.before === undefined) return [{ rule: "field-added", field: parent }];
    if (known.get(parent)?.after === undefined) return [{ rule: "field-removed", field: parent }];
    // A mapping that falls back to all fields takes or drops this one because of another, which is named itself.
    return [];
  });
  return edits.length === 0 ? [rewired] : edits;
}

function depOn(upstream: string, feature: ManifestFeature | undefined): ManifestDep | undefined {
  return feature?.deps.find((dep) => dep.feature === upstream);
}
