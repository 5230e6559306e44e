import { type Diagnostic, hasErrors, report } from "../diagnostics/diagnostic.ts";
import type { ReadSources } from "../source/index.ts";
import type { JsonDocument } from "../source/json-document.ts";
import { valueAt } from "../source/json-pointer.ts";
import { checkShape } from "./check-shape.ts";
import type { FeatureSpec, FieldEntry } from "./feature-spec.ts";
import { idColumnProblems } from "./id-column-problems.ts";
import { type ParsedColumns, parseColumns } from "./parse-columns.ts";
import { parseDep } from "./parse-dep.ts";
import { defaultField, parseField } from "./parse-field.ts";
import type { ParsedSpec } from "./parsed-spec.ts";
import { renamedFromOf } from "./renamed-from.ts";
import { renamedFromProblems } from "./renamed-from-problems.ts";
import { soundItems, type WrittenItem } from "./written-list.ts";

/** Outcome of parsing one spec. */
export interface ParseOutcome {
  /** Absent when there are errors. */
  readonly spec: ParsedSpec | undefined;
  /** The feature's key, if there is anything like one. */
  readonly key: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks one spec in itself and fills its defaults in. What has the right shape is checked further, whatever else has not. */
export function parseSpec(document: JsonDocument, sources: ReadSources): ParseOutcome {
  const shape = checkShape(document, [], "#");
  const columns = parseColumns(document, shape, sources);
  const ids = soundItems<string>(document, shape, ["feature", "idColumns"]);
  const fields = soundItems<FieldEntry>(document, shape, ["feature", "fields"]);
  const diagnostics = [
    ...shape.diagnostics,
    ...columns.diagnostics,
    ...idColumnProblems(ids, columns, document),
    ...duplicateFields(fields, document),
    ...renamedFromProblems(document, shape, columns.declared.keys(), fields),
  ];
  const key = valueAt(document.value, ["feature", "key"]);
  return {
    spec: hasErrors(diagnostics) ? undefined : completeSpec(document, columns),
    key: typeof key === "string" ? key : undefined,
    diagnostics,
  };
}

/** The spec of a document in which nothing is wrong. */
function completeSpec(document: JsonDocument, columns: ParsedColumns): ParsedSpec {
  const spec = document.value as FeatureSpec;
  const { title, description, feature } = spec;
  const renamedFrom = renamedFromOf(spec);
  const path = ["feature"];
  return {
    document,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    columns: [...columns.declared.values()].filter((column) => column !== undefined),
    key: feature.key,
    idColumns: feature.idColumns,
    deps: (feature.deps ?? []).map((dep, index) => parseDep(dep, [...path, "deps", index])),
    fields: feature.fields?.map((field, index) => parseField(field, [...path, "fields", index])) ?? [
      defaultField(path),
    ],
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    metadata: feature.metadata ?? {},
  };
}

function* duplicateFields(
  fields: readonly WrittenItem<FieldEntry>[],
  document: JsonDocument,
): Iterable<Diagnostic> {
  const keys = new Set<string>();
  for (const { value, path } of fields) {
    const { key, keyPath } = parseField(value, path);
    if (keys.has(key)) yield report("duplicate-field", document.locate(keyPath), { field: key });
    keys.add(key);
  }
}
