import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import type { Edit } from "./find-edits.ts";
import type { CauseRule, Place } from "./version-diff.ts";

/** The specs as they are now, by feature key. A `Map` is one. */
export interface SpecDocuments {
  get(featureKey: string): JsonDocument | undefined;
}

/** Where an edit is seen now: the edited part, or the nearest enclosing one where it is gone. */
export function locateEdit(edit: Edit, specs: SpecDocuments): Place | undefined {
  const [featureKey = "", fieldKey = ""] = edit.field.split(".");
  const document = specs.get(featureKey);
  if (document === undefined) return undefined;
  const { file, line, column } = document.locate(pathTo[edit.rule](document.value, fieldKey, edit));
  return { file, line, column };
}

type FindPath = (spec: unknown, fieldKey: string, edit: Edit) => JsonPath;

const pathTo: Readonly<Record<CauseRule, FindPath>> = {
  "code-version": (spec, fieldKey) => [...fieldPath(spec, fieldKey), "codeVersion"],
  "parents-changed": (spec, fieldKey) => [...fieldPath(spec, fieldKey), "deps"],
  "field-added": fieldPath,
  "field-removed": fieldPath,
  "dep-added": (spec, _, { to }) => entryPath(spec, "deps", "feature", to),
  "dep-removed": (spec, _, { from }) => entryPath(spec, "deps", "feature", from),
};

function fieldPath(spec: unknown, key: string): JsonPath {
  return entryPath(spec, "fields", "key", key);
}

/** Path of the entry of a list of the spec: a bare name, or an object that holds the name. */
function entryPath(spec: unknown, list: string, property: string, name: string | undefined): JsonPath {
  const entries = member(member(spec, "feature"), list);
  if (!Array.isArray(entries)) return ["feature", list];
  const index = entries.findIndex((entry) => entry === name || member(entry, property) === name);
  return index === -1 ? ["feature", list] : ["feature", list, index];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
