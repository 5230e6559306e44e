import { compareText } from "../../source/compare-text.ts";
import { findLineageEdits } from "../attribution/find-edits.ts";
import { additionRule } from "../attribution/parents-without.ts";
import { viewColumn } from "../model/column-view.ts";
import { isSame } from "../model/is-same.ts";
import {
  type FeatureInBoth,
  type FieldPair,
  isInBoth,
  isMoved,
  isSameHash,
  type MovedField,
  type ProjectPair,
  pairByName,
} from "../model/project-pair.ts";
import type { NamesOf } from "../model/renames.ts";
import { depPath, featurePath, fieldPath, propertyPath, type SpecPath } from "../model/spec-paths.ts";
import { compareColumns } from "./compare-columns.ts";
import { depChanges, type States } from "./dep-changes.ts";
import { fromTo, hasSameNames, joinNames, type RawChange } from "./raw-change.ts";

/** The edits of the spec of a feature that both states have. */
export function featureChanges(feature: FeatureInBoth, project: ProjectPair, states: States): RawChange[] {
  const changes = [
    ...featureRenames(feature),
    ...moduleChanges(feature),
    ...idChanges(feature),
    ...depChanges(feature, states),
    ...fieldChanges(feature, project),
    ...columnChanges(feature, project.renames.columns.get(feature.key)),
  ];
  const { definitionVersion: from } = feature.before;
  const { definitionVersion: to } = feature.after;
  if (changes.length > 0 || isSameHash(from, to)) return changes;
  return [{ rule: "definition", specPath: featurePath, discriminator: to }];
}

function featureRenames({ key, renamed, before, after }: FeatureInBoth): RawChange[] {
  if (renamed === undefined) return [];
  const detail = before.name === after.name ? {} : { detail: `${before.name}, ${after.name}` };
  const { from, isDeclared } = renamed;
  return [{ rule: "feature-renamed", from, to: key, isDeclared, ...detail, specPath: featurePath }];
}

function moduleChanges({ before, after, renamed }: FeatureInBoth): RawChange[] {
  const changes: RawChange[] = [];
  // The export is named after the key: a renamed feature reports it.
  if (before.name !== after.name && renamed === undefined) {
    const specPath: SpecPath = (spec) => (hasTitle(spec) ? ["title"] : ["feature", "key"]);
    changes.push({ rule: "export-renamed", from: before.name, to: after.name, specPath });
  }
  if (before.module !== after.module) {
    changes.push({ rule: "module-moved", from: before.module, to: after.module, specPath: featurePath });
  }
  const [wasRoot, isRoot] = [before.deps.length === 0, after.deps.length === 0];
  if (wasRoot !== isRoot) {
    const [from, to] = wasRoot ? ["root", "derived"] : ["derived", "root"];
    changes.push({ rule: "root-derived-changed", from, to, specPath: propertyPath("feature", "deps") });
  }
  return changes;
}

function hasTitle(spec: unknown): boolean {
  return typeof spec === "object" && spec !== null && "title" in spec;
}

function idChanges({ before, after }: FeatureInBoth): RawChange[] {
  if (isSame(before.idColumns, after.idColumns)) return [];
  const rule = hasSameNames(before.idColumns, after.idColumns) ? "id-column-order" : "id-columns";
  const specPath = propertyPath("feature", "idColumns");
  return [{ rule, from: joinNames(before.idColumns), to: joinNames(after.idColumns), specPath }];
}

/** The changes of the columns of a feature's own table. */
function columnChanges({ before, after }: FeatureInBoth, renames?: NamesOf): RawChange[] {
  const ids = new Set([...before.idColumns, ...after.idColumns]);
  if (renames === undefined && isSame(before.columns, after.columns)) return [];
  return pairByName(before.columns, after.columns, compareText).flatMap((column): RawChange[] => {
    const common = { subject: column.key, specPath: propertyPath("properties", column.key) };
    const was = column.before === undefined ? undefined : viewColumn(column.before);
    const is = column.after === undefined ? undefined : viewColumn(column.after);
    if (was === undefined) {
      const rule = is?.nullable === false ? "required-column-added" : "column-added";
      return [{ rule, ...common, to: is?.text ?? "" }];
    }
    if (is === undefined) return [{ rule: "column-removed", ...common, from: was.text }];
    const renamed = renames?.get(column.key);
    return [
      ...(renamed === undefined
        ? []
        : [
            {
              rule: renamed.isDeclared ? ("column-renamed" as const) : ("column-seems-renamed" as const),
              ...common,
              from: renamed.from,
              to: column.key,
              isDeclared: renamed.isDeclared,
              ...(is.nullable ? {} : { detail: "required" }),
            },
          ]),
      ...(isSame(column.before, column.after) ? [] : compareColumns(was, is, ids.has(column.key))).map(
        (change) => ({ ...change, ...common }),
      ),
    ];
  });
}

/** The edits of the fields of a feature. */
function fieldChanges(feature: FeatureInBoth, project: ProjectPair): RawChange[] {
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
