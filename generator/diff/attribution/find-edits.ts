import { isSame } from "../model/is-same.ts";
import {
  isInBoth,
  isMoved,
  type MovedField,
  type OldField,
  type ProjectPair,
  pairDeps,
} from "../model/project-pair.ts";
import type { Edit } from "./edit.ts";
import { additionRule, parentsWithout } from "./parents-without.ts";

/**
 * The edits that changed the version of a field, without those that changed its parents' versions: its own edits, and
 * fields added to its direct upstream features. Without all of them, it would have its old code version and parents; with
 * any single one of them, it would not.
 */
export function findEdits(field: OldField, project: ProjectPair): Edit[] {
  const own = isMoved(field) ? [...renameEdits(field), ...codeVersionEdits(field)] : [removalEdit(field)];
  return [...own, ...parentEdits(field, project)];
}

/** The edits of a feature that by themselves change the parents of a field: its own deps and the mappings. */
export function findLineageEdits(field: MovedField, project: ProjectPair): Edit[] {
  const parents = parentsWithout(new Set(), field, project);
  return lineageEdits(field).filter(
    (edit) => !isSame(parentsWithout(new Set([edit]), field, project), parents),
  );
}

function removalEdit({ fullName, before, feature }: OldField): Edit {
  return {
    rule: feature.after === undefined ? "feature-removed" : "field-removed",
    field: fullName,
    from: before.codeVersion,
  };
}

/** Whether a field has edits that may have an effect only once others are undone. */
export function hasHiddenEdits(field: OldField): boolean {
  return !field.feature.isIdentical && (lineageEdits(field).length > 0 || depEdits(field).length > 0);
}

/** The edits that still change the parents of a field when some others are undone. */
export function findHiddenEdits(field: OldField, undone: ReadonlySet<Edit>, project: ProjectPair): Edit[] {
  const restores = (additional: readonly Edit[]): boolean =>
    isSame(parentsWithout(new Set([...undone, ...additional]), field, project), field.before.parents);
  if (restores([])) return [];
  const edits = [...lineageEdits(field), ...depEdits(field), ...additionEdits(field, project)];
  return restores(edits) ? [...minimalCauses(edits, restores)] : [];
}

/** A version contains the names of the feature and the field. */
function renameEdits({ fullName, feature, renamed }: MovedField): Edit[] {
  const edit = (rule: "feature-renamed" | "field-renamed", from: string, to: string): Edit => ({
    rule,
    field: fullName,
    from,
    to,
  });
  return [
    ...(feature.renamed === undefined ? [] : [edit("feature-renamed", feature.renamed.from, feature.key)]),
    ...(renamed === undefined
      ? []
      : [edit("field-renamed", renamed.from, fullName.slice(feature.key.length + 1))]),
  ];
}

function codeVersionEdits({ fullName, before, after }: MovedField): Edit[] {
  if (before.codeVersion === after.codeVersion) return [];
  return [{ rule: "code-version", field: fullName, from: before.codeVersion, to: after.codeVersion }];
}

function parentEdits(field: OldField, project: ProjectPair): Edit[] {
  if (isMoved(field) && isSame(field.before.parents, field.after.parents)) return [];
  const restores = (undone: readonly Edit[]): boolean =>
    isSame(parentsWithout(new Set(undone), field, project), field.before.parents);
  // Edits that only this field sees are dropped first, so that all fields blame the same shared edits.
  const edits = [...lineageEdits(field), ...depEdits(field), ...additionEdits(field, project)];
  if (restores(edits)) return [...minimalCauses(edits, restores)];
  // A manifest that was edited by hand can have parents that nothing in it explains.
  return edits.length > 0 ? edits : [lineageEdit(field)];
}

/** Drops edits one by one, as long as undoing the remaining ones still restores the parents. */
function minimalCauses(
  edits: readonly Edit[],
  restores: (undone: readonly Edit[]) => boolean,
): readonly Edit[] {
  let remaining = edits;
  let size: number;
  do {
    size = remaining.length;
    for (const edit of remaining) {
      const others = remaining.filter((other) => other !== edit);
      if (restores(others)) remaining = others;
    }
  } while (remaining.length < size);
  return remaining;
}

/** A removed field returns with its own deps. */
function lineageEdits(field: OldField): Edit[] {
  const { before, after, feature } = field;
  const mappings = pairDeps(feature).filter(
    (dep) => isInBoth(dep) && !isSame(dep.before.fieldsMapping, dep.after.fieldsMapping),
  );
  return [
    ...(after === undefined || isSame(before.deps, after.deps) ? [] : [lineageEdit(field)]),
    ...mappings.map((dep) => lineageEdit(field, dep.key)),
  ];
}

function lineageEdit({ fullName, before, after }: OldField, upstream?: string): Edit {
  const [from, to] = [before.parents.join(", "), after?.parents.join(", ")];
  return {
    rule: "field-lineage",
    field: fullName,
    ...(from === to ? {} : { from, ...(to === undefined ? {} : { to }) }),
    ...(upstream === undefined ? {} : { upstream }),
  };
}

/** A removed feature returns with its deps. */
function depEdits({ feature, fullName }: OldField): Edit[] {
  if (feature.after === undefined) return [];
  return pairDeps(feature).flatMap(({ key: upstream, before, after }): Edit[] => {
    if (before === undefined) return [{ rule: "dep-added", field: fullName, to: upstream, upstream }];
    if (after === undefined) return [{ rule: "dep-removed", field: fullName, from: upstream, upstream }];
    return [];
  });
}

/** Fields added to the upstream features. Those of an added feature were added with the dep on it. */
function additionEdits({ feature }: OldField, project: ProjectPair): Edit[] {
  return pairDeps(feature).flatMap(({ key }) => {
    const upstream = project.features.get(key);
    if (upstream === undefined || !isInBoth(upstream)) return [];
    return upstream.fields
      .filter(({ before }) => before === undefined)
      .map(
        (added): Edit => ({
          rule: additionRule(added),
          field: added.fullName,
          ...(added.after === undefined ? {} : { to: added.after.codeVersion }),
        }),
      );
  });
}
