import { findLineageEdits } from "../causes/find-edits.ts";
import { additionRule } from "../causes/parents-without.ts";
import {
  type FieldPair,
  isKept,
  isMoved,
  type KeptFeature,
  type MovedField,
  type ProjectPair,
} from "../project-pair.ts";
import { depPart, fieldPart } from "../spec-places.ts";
import { type FoundChange, span } from "./found-change.ts";

/** What happened to the fields of a feature by its own spec. */
export function fieldChanges(feature: KeptFeature, project: ProjectPair): FoundChange[] {
  return feature.fields.flatMap((field) => [
    ...comings(field),
    ...renamings(field),
    ...codeVersionChanges(field),
    ...lineageChanges(field, project),
  ]);
}

function comings(field: FieldPair): FoundChange[] {
  const { key, before, after } = field;
  const part = fieldPart(key);
  if (before === undefined) {
    return [{ rule: additionRule(field), subject: key, part, ...span(undefined, after?.codeVersion) }];
  }
  if (after === undefined) return [{ rule: "field-removed", subject: key, part, from: before.codeVersion }];
  return [];
}

function renamings({ key, renamed }: FieldPair): FoundChange[] {
  if (renamed === undefined) return [];
  const { from, isDeclared } = renamed;
  return [{ rule: "field-renamed", subject: key, from, to: key, isDeclared, part: fieldPart(key) }];
}

function codeVersionChanges(field: FieldPair): FoundChange[] {
  if (!isKept(field) || field.before.codeVersion === field.after.codeVersion) return [];
  const { key, before, after } = field;
  return [
    {
      rule: "code-version",
      subject: key,
      from: before.codeVersion,
      to: after.codeVersion,
      part: fieldPart(key, "codeVersion"),
    },
  ];
}

function lineageChanges(field: FieldPair, project: ProjectPair): FoundChange[] {
  if (!isMoved(field)) return [];
  return findLineageEdits(field, project).map(({ from, to, upstream }) => ({
    rule: "field-lineage",
    subject: field.key,
    ...span(from, to),
    ...(upstream === undefined
      ? { part: fieldPart(field.key, "deps"), ...lackOf(field) }
      : { part: depPart(upstream, "fieldsMapping"), upstream }),
  }));
}

/** Deps that were removed lead nowhere any more: others do, or nothing does. */
function lackOf({ feature, after }: MovedField): Pick<FoundChange, "lacks"> {
  if (feature.after?.deps.length === 0) return { lacks: "deps" };
  return after.deps === undefined ? { lacks: "own-deps" } : {};
}
