import type { FieldsMapping } from "../../parse/feature-spec.ts";
import { mappedFields } from "../../resolve/map-fields.ts";
import { compareText } from "../../source/compare-text.ts";
import type { FieldPair, MovedField, ProjectPair } from "../project-pair.ts";
import { pairDeps } from "../project-pair.ts";
import type { Edit } from "./edit.ts";

/**
 * The parents that a field would have, had some edits not been made: full names, ordered. Removed fields that were its
 * parents are there again. `undefined` where it would name a field that is not there.
 */
export function parentsWithout(
  undone: ReadonlySet<Edit>,
  field: MovedField,
  project: ProjectPair,
): readonly string[] | undefined {
  const undoneAt = new Set([...undone].map(({ rule, field, upstream }) => identity(rule, field, upstream)));
  const isUndone = (rule: Edit["rule"], name: string, upstream?: string): boolean =>
    undoneAt.has(identity(rule, name, upstream));

  const deps = new Map<string, Candidates>();
  for (const { key: upstream, before, after } of pairDeps(field.feature)) {
    const isOn =
      after === undefined
        ? isUndone("dep-removed", field.fullName, upstream)
        : !isUndone("dep-added", field.fullName, upstream);
    if (!isOn) continue;
    const dep = after === undefined || isUndone("field-lineage", field.fullName, upstream) ? before : after;
    const fields = candidates(project, upstream, field, (added) =>
      isUndone(additionRule(added), added.fullName),
    );
    deps.set(upstream, { fields, mapping: dep?.fieldsMapping ?? { type: "default" } });
  }
  const { deps: own } = isUndone("field-lineage", field.fullName) ? field.before : field.after;
  return parents(field.key, own, deps);
}

/** The rule of a field that came. Samples of a root must bring a provenance for it. */
export function additionRule({ feature }: FieldPair): "field-added" | "root-field-added" {
  return feature.after?.deps.length === 0 ? "root-field-added" : "field-added";
}

interface Candidates {
  readonly fields: readonly string[];
  readonly mapping: FieldsMapping;
}

function identity(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts);
}

/** Keys of the fields of an upstream feature that there would be. A feature that is gone would be there as it was. */
function candidates(
  project: ProjectPair,
  upstream: string,
  { before }: MovedField,
  isUndone: (added: FieldPair) => boolean,
): string[] {
  const feature = project.features.get(upstream);
  const isThere = (field: FieldPair): boolean => {
    if (field.after === undefined)
      return feature?.after === undefined || before.parents.includes(field.fullName);
    return field.before !== undefined || !isUndone(field);
  };
  return (feature?.fields ?? []).filter(isThere).map(({ key }) => key);
}

function parents(
  key: string,
  own: MovedField["after"]["deps"],
  deps: ReadonlyMap<string, Candidates>,
): readonly string[] | undefined {
  const names = (upstream: string, fields: readonly string[]): string[] =>
    fields.map((field) => `${upstream}.${field}`);
  if (own === undefined || own === "all") {
    return ordered(
      [...deps].flatMap(([upstream, { fields, mapping }]) =>
        names(upstream, own === "all" ? fields : mappedFields(key, mapping, fields)),
      ),
    );
  }
  const named = own.flatMap((entry) => {
    const there = deps.get(entry.feature)?.fields;
    const wanted = entry.fields === "all" ? there : entry.fields;
    if (there === undefined || wanted?.some((field) => !there.includes(field))) return [undefined];
    return names(entry.feature, wanted ?? []);
  });
  return named.includes(undefined) ? undefined : ordered(named.filter((name) => name !== undefined));
}

function ordered(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText);
}
