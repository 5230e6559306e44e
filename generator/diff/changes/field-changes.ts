import { findLineageEdits } from "../attribution/find-edits.ts";
import { additionRule } from "../attribution/parents-without.ts";
import {
  type FeatureInBoth,
  type FieldPair,
  isInBoth,
  isMoved,
  type MovedField,
  type ProjectPair,
} from "../model/project-pair.ts";
import { depPath, fieldPath } from "../model/spec-paths.ts";
import { fromTo, type RawChange } from "./raw-change.ts";

/** The edits of the fields of a feature. */
export function fieldChanges(feature: FeatureInBoth, project: ProjectPair): RawChange[] {
  return feature.fields.flatMap((field) => [
    ...presenceChanges(field),
    ...fieldRenames(field),
    ...codeVersionChanges(field),
    ...lineageChanges(field, project),
  ]);
}

function presenceChanges(field: FieldPair): RawChange[] {
  const { key, before, after } = field;
  const specPath = fieldPath(key);
  if (before === undefined) {
    return [{ rule: additionRule(field), subject: key, specPath, ...fromTo(undefined, after?.codeVersion) }];
  }
  if (after === undefined)
    return [{ rule: "field-removed", subject: key, specPath, from: before.codeVersion }];
  return [];
}

function fieldRenames({ key, renamed }: FieldPair): RawChange[] {
  if (renamed === undefined) return [];
  const { from, isDeclared } = renamed;
  return [{ rule: "field-renamed", subject: key, from, to: key, isDeclared, specPath: fieldPath(key) }];
}

function codeVersionChanges(field: FieldPair): RawChange[] {
  if (!isInBoth(field) || field.before.codeVersion === field.after.codeVersion) return [];
  const { key, before, after } = field;
  return [
    {
      rule: "code-version",
      subject: key,
      from: before.codeVersion,
      to: after.codeVersion,
      specPath: fieldPath(key, "codeVersion"),
    },
  ];
}

function lineageChanges(field: FieldPair, project: ProjectPair): RawChange[] {
  if (!isMoved(field)) return [];
  return findLineageEdits(field, project).map(({ from, to, upstream }) => ({
    rule: "field-lineage",
    subject: field.key,
    ...fromTo(from, to),
    ...(upstream === undefined
      ? { specPath: fieldPath(field.key, "deps"), ...missingDepsOf(field) }
      : { specPath: depPath(upstream, "fieldsMapping"), upstream }),
  }));
}

/** Removed deps of a field: the feature's mapping decides its parents, or nothing does. */
function missingDepsOf({ feature, after }: MovedField): Pick<RawChange, "missingDeps"> {
  if (feature.after?.deps.length === 0) return { missingDeps: "deps" };
  return after.deps === undefined ? { missingDeps: "own-deps" } : {};
}
