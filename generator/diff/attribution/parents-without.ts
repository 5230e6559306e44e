import type { ManifestField } from "../../manifest/manifest.ts";
import type { FieldsMapping } from "../../parse/feature-spec.ts";
import { mappedFields } from "../../resolve/map-fields.ts";
import { compareText } from "../../source/compare-text.ts";
import { type FieldPair, type OldField, type ProjectPair, pairDeps } from "../model/project-pair.ts";
import type { CauseRule } from "../rules/rule.ts";
import type { Edit } from "./edit.ts";

/**
 * The parents that a field would have without some edits: full names, ordered. A removed field returns, and so do removed
 * fields that were its parents. `undefined` where that would not compile: the field would name a missing field, or have no
 * parents.
 */
export function parentsWithout(
  undone: ReadonlySet<Edit>,
  field: OldField,
  project: ProjectPair,
): readonly string[] | undefined {
  const undoneAt = new Set([...undone].map((edit) => editKey(edit.rule, edit.field, edit.upstream)));
  const isUndone = (rule: CauseRule, name: string, upstream?: string): boolean =>
    undoneAt.has(editKey(rule, name, upstream));

  const deps = new Map<string, Candidates>();
  for (const { key: upstream, before, after } of pairDeps(field.feature)) {
    const isActive =
      after === undefined
        ? field.feature.after === undefined || isUndone("dep-removed", field.fullName, upstream)
        : !isUndone("dep-added", field.fullName, upstream);
    if (!isActive) continue;
    const dep = after === undefined || isUndone("field-lineage", field.fullName, upstream) ? before : after;
    const fields = candidates(project, upstream, field, isUndone);
    deps.set(upstream, { fields, mapping: dep?.fieldsMapping ?? { type: "default" } });
  }
  const isOld = field.after === undefined || isUndone("field-lineage", field.fullName);
  const found = parents(field.key, isOld ? field.before.deps : field.after.deps, deps);
  // Only fields of a root have no parents.
  return found?.length === 0 && deps.size > 0 ? undefined : found;
}

/** The rule of an added field. Samples of a root must have a provenance for it. */
export function additionRule({ feature }: FieldPair): "field-added" | "root-field-added" {
  return feature.after?.deps.length === 0 ? "root-field-added" : "field-added";
}

interface Candidates {
  readonly fields: readonly string[];
  readonly mapping: FieldsMapping;
}

type IsUndone = (rule: CauseRule, field: string, upstream?: string) => boolean;

/** An edit of a dep is one edit, whichever field of the feature reports it. */
function editKey(rule: CauseRule, field: string, upstream = ""): string {
  const subject = upstream === "" ? field : field.slice(0, field.indexOf("."));
  return [rule, subject, upstream].join(" ");
}

/** Keys of the fields that an upstream feature would have. A removed feature would be as it was. */
function candidates(
  project: ProjectPair,
  upstream: string,
  { before }: OldField,
  isUndone: IsUndone,
): string[] {
  const feature = project.features.get(upstream);
  const exists = (field: FieldPair): boolean => {
    const { fullName } = field;
    if (field.before === undefined) return !isUndone(additionRule(field), fullName);
    if (field.after !== undefined || feature?.after === undefined) return true;
    return before.parents.includes(fullName) || isUndone("field-removed", fullName);
  };
  return (feature?.fields ?? []).filter(exists).map(({ key }) => key);
}

function parents(
  key: string,
  own: ManifestField["deps"],
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
    const available = deps.get(entry.feature)?.fields;
    const requested = entry.fields === "all" ? available : entry.fields;
    if (available === undefined || requested?.some((field) => !available.includes(field))) return [undefined];
    return names(entry.feature, requested ?? []);
  });
  return named.includes(undefined) ? undefined : ordered(named.filter((name) => name !== undefined));
}

function ordered(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText);
}
